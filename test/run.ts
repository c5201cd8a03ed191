/**
 * `npm test [-- filter]`: runs Vitest over all projects and ends with one line that people and
 * machines read alike: `N passed, N failed`, and `, N skipped` when some were.
 */
import { closingLines } from "./run/closing-lines.ts";
import { runVitest } from "./run/run-vitest.ts";

const outcome = await runVitest(process.argv.slice(2));
process.stdout.write(`\n${closingLines(outcome).join("\n")}\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;
