import { runTollgate } from "./run-tollgate.ts";
import { processTerminal } from "./terminal.ts";

/** Runs what the command line says, and sets the process's exit code. */
export async function runProcess(): Promise<void> {
  // Whoever reads no further, such as `head`, has enough.
  process.stdout.on("error", () => process.exit());
  process.exitCode = await runTollgate(process.argv.slice(2), processTerminal());
}
