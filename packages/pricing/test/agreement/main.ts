/**
 * Compares the price of every model of the bundled catalogue with that of the catalogue's own calculator.
 *
 * Usage: pnpm prices:agree
 *
 * Prints each model whose price differs with the reason, and exits 1 when a difference has none.
 */
import { compareWithCalculator, type Disagreement } from "./agreement.ts";

const { models, disagreements } = compareWithCalculator();
const byReason = Map.groupBy(disagreements, ({ reason }) => reason ?? "NO REASON IS KNOWN");
for (const [reason, listed] of byReason) {
  process.stdout.write(`${reason}: ${listed.length}\n`);
  for (const each of listed) process.stdout.write(`  ${describe(each)}\n`);
}
const differing = new Set(disagreements.map(({ provider, model }) => `${provider} ${model}`)).size;
const unexplained = disagreements.filter(({ reason }) => reason === undefined).length;
process.stdout.write(
  `${models} models: ${models - differing} agree, ${differing} differ, ${unexplained} without a reason\n`,
);
process.exitCode = unexplained === 0 ? 0 : 1;

function describe(found: Disagreement): string {
  const { provider, model, ours, theirs, timeMs, usage, corrections } = found;
  const counts = Object.entries(usage).filter(([, count]) => count > 0);
  const said = counts.map(([name, count]) => `${count} ${name}`).join(", ");
  const day = new Date(timeMs).toISOString().slice(0, 16);
  const why = corrections.map((correction) => `\n    ${correction}`).join("");
  return `${provider} ${model}: ${dollars(ours)}, not ${dollars(theirs)}, for ${said} at ${day}${why}`;
}

function dollars(nanoUsd: number | undefined): string {
  return nanoUsd === undefined ? "none" : `$${(nanoUsd / 1e9).toFixed(9)}`;
}
