import { InvalidArgumentError } from "commander";
import type { AddCommand } from "../command.ts";
import { addPlaceOptions, readPlace, type PlaceOptions } from "../options.ts";
import { untilStopped } from "../stop-signals.ts";
import type { Terminal } from "../terminal.ts";
import { follow } from "./serve.ts";

interface McpOptions extends PlaceOptions {
  readonly url?: URL | undefined;
  readonly token?: string | undefined;
}

const ABOUT = `Speak MCP on standard input and output, for agents that
start their servers themselves.

With --url, for a running collector. Without it, for the
ledger and the budgets of the data folder.`;

/** `tollgate mcp`. */
export const addMcp: AddCommand = (program, terminal) => {
  const command = program
    .command("mcp")
    .summary("speak MCP over stdio")
    .description(ABOUT)
    .option("--url <url>", "a collector, such as http://127.0.0.1:4318", parseUrl)
    .option(
      "--token <token>",
      "for it; others see it in the list of processes, so better set TOLLGATE_TOKEN",
    );
  addPlaceOptions(command).action(async (options: McpOptions) => {
    const stopped = untilStopped();
    const { url } = options;
    if (url === undefined) return serveFolder(options, terminal, stopped);
    const { bridgeMcp } = await import("../mcp-bridge.ts");
    const token = options.token ?? (terminal.env["TOLLGATE_TOKEN"] || undefined);
    return bridgeMcp({ url, token }, stopped);
  });
};

async function serveFolder(
  options: McpOptions,
  terminal: Terminal,
  stopped: Promise<unknown>,
): Promise<void> {
  const place = await readPlace(options, terminal);
  const [{ openLocalMcp }, { StdioServerTransport }] = await Promise.all([
    import("@tollgate/collector"),
    import("@modelcontextprotocol/sdk/server/stdio.js"),
  ]);
  const mcp = await openLocalMcp(place.config, place.dataFolder);
  const followed = await follow(place, mcp, terminal);
  const ended = new Promise<void>((resolve) => process.stdin.once("end", resolve));
  await mcp.server.connect(new StdioServerTransport());
  await Promise.race([ended, stopped]);
  followed.stop();
  await mcp.close();
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Write where a collector is, such as http://127.0.0.1:4318.");
  }
  if (url.pathname === "/") url.pathname = "/mcp";
  return url;
}
