import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { isTollgateError } from "@tollgate/core";
import { COMMANDS } from "./commands/index.ts";
import { startDiagnostics } from "./diagnostics.ts";
import { EXIT_FAILED, EXIT_USAGE, exitCodeOf } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

const manifest: { readonly version: string } = createRequire(import.meta.url)("../package.json");
const ABOUT = `Token economics of LLM apps: meter, price, budget.

Help of one command: tollgate serve --help`;

/**
 * Runs one command line.
 *
 * @param args - what follows `tollgate`.
 * @returns the exit code: 0; 1 when it did not work out; 2 for a command line that makes no sense; 78 for a configuration that is
 *   wrong. What is expected to go wrong is told in a message, without a stack.
 */
export async function runTollgate(args: readonly string[], terminal: Terminal): Promise<number> {
  startDiagnostics(terminal);
  const program = createProgram(terminal);
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT_USAGE;
    }
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (isTollgateError(error)) {
      terminal.tell(`tollgate: ${error.message}\n`);
      return exitCodeOf(error);
    }
    terminal.tell(`tollgate: this should not have happened; please report it.\n`);
    terminal.tell(`${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT_FAILED;
  }
}

function createProgram(terminal: Terminal): Command {
  const program = new Command("tollgate")
    .description(ABOUT)
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ styleTitle: terminal.bold, minWidthToWrap: 20 })
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.tell,
      outputError: (text, write) => write(text.replace(/^error: /, "tollgate: ")),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.hasColours,
      getErrHasColors: () => terminal.hasColours,
    });
  for (const add of COMMANDS) add(program, terminal);
  return program;
}
