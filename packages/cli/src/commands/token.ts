import { InvalidArgumentError, type Command } from "commander";
import type { AccessScope } from "@tollgate/collector/access";
import { TollgateError } from "@tollgate/core";
import type { AddCommand } from "../command.ts";
import { addPlaceOptions, readPlace, type PlaceOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { tokenTable } from "../token-table.ts";

const ABOUT = `Say who may reach a collector. As long as there are no
tokens, it listens on loopback and asks nobody; from the first
one on, it asks everybody. A running collector follows within
seconds.`;

const SCOPES: readonly AccessScope[] = ["ingest", "read", "admin"];

interface CreateOptions extends PlaceOptions {
  readonly scope: readonly AccessScope[];
  readonly organization?: string | undefined;
  readonly note?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `tollgate token`. */
export const addToken: AddCommand = (program, terminal) => {
  const token = program
    .command("token")
    .summary("create, list and revoke tokens")
    .description(ABOUT)
    .helpCommand(false);
  addCreate(token, terminal);
  addList(token, terminal);
  addRevoke(token, terminal);
};

function addCreate(token: Command, terminal: Terminal): void {
  const command = token
    .command("create")
    .summary("make a token and print it, this once")
    .description("Make a token and print it. It cannot be printed again: only a hash is kept.")
    .requiredOption(
      "--scope <scopes>",
      "what it is for, with commas between: ingest (send), read (ask), admin (all, and budgets)",
      parseScopes,
    )
    .option("--organization <name>", "the tenant that it sees and is charged to (default: all)")
    .option("--note <text>", "whose it is, for the list")
    .option("--json", "print JSON");
  addPlaceOptions(command).action(async (options: CreateOptions) => {
    const { config, dataFolder } = await readPlace(options, terminal);
    const access = await import("@tollgate/collector/access");
    const path = access.tokenFileOf(config, dataFolder);
    const { scope: scopes, organization, note } = options;
    const { id, text } = access.addToken(path, { scopes, organization, note }, Date.now());
    if (options.json === true) {
      terminal.out(`${JSON.stringify({ id, token: text, scopes, organization, note })}\n`);
      return;
    }
    terminal.out(`${text}\n`);
    terminal.tell(`Keep it: it is not shown again. It is ${id} in ${path}.\n`);
  });
}

function addList(token: Command, terminal: Terminal): void {
  const command = token
    .command("list")
    .description("List tokens; none of them can be told from the list.")
    .option("--json", "print JSON");
  addPlaceOptions(command).action(async (options: PlaceOptions & { readonly json?: boolean }) => {
    const { config, dataFolder } = await readPlace(options, terminal);
    const access = await import("@tollgate/collector/access");
    const path = access.tokenFileOf(config, dataFolder);
    const tokens = access.readTokenFile(path);
    if (options.json === true) {
      const shown = tokens.map(({ hash: _kept, createdMs, ...rest }) => ({
        ...rest,
        created: new Date(createdMs).toISOString(),
      }));
      terminal.out(`${JSON.stringify(shown, null, 2)}\n`);
      return;
    }
    if (tokens.length === 0) terminal.tell(`There are no tokens in ${path}.\n`);
    else terminal.out(tokenTable(tokens, terminal));
  });
}

function addRevoke(token: Command, terminal: Terminal): void {
  const command = token
    .command("revoke")
    .argument("<id>", "as the list shows it")
    .summary("let a token count no longer")
    .description("Let a token count no longer; a running collector refuses it within seconds.");
  addPlaceOptions(command).action(async (id: string, options: PlaceOptions) => {
    const { config, dataFolder } = await readPlace(options, terminal);
    const access = await import("@tollgate/collector/access");
    const path = access.tokenFileOf(config, dataFolder);
    if (!access.revokeToken(path, id)) {
      throw new TollgateError(
        "TOLLGATE_OPERATION_INVALID",
        `there is no token ${shownId(id)} in ${path}; tollgate token list shows which there are`,
      );
    }
    terminal.tell(`${id} counts no longer.\n`);
  });
}

/** Whoever gives the token itself in place of its id does not find it in a log. */
function shownId(id: string): string {
  return id.startsWith("tgt_") ? "of that id (give the id alone)" : id;
}

function parseScopes(text: string): readonly AccessScope[] {
  const scopes = text.split(",").map((name) => {
    const scope = SCOPES.find((one) => one === name.trim());
    if (scope !== undefined) return scope;
    throw new InvalidArgumentError(`Write some of ${SCOPES.join(", ")} with commas between.`);
  });
  return [...new Set(scopes)];
}
