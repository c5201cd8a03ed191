/**
 * What metering adds to a call: spans, metrics, price and four hard budgets in memory, against the same client
 * without any of it, in one interleaved run.
 *
 * Usage: pnpm bench [--only NAME[,NAME]] [--rounds N] [--json] [--write]
 *
 * `--json` adds the results as one last line of JSON.
 */
import { availableParallelism } from "node:os";
import { readArguments, USAGE, type Arguments } from "./arguments.ts";
import { formatTable } from "./report/text.ts";
import { runTable } from "./run-table.ts";
import type { TableResult } from "./table.ts";
import { TABLES } from "./tables/index.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let read: Arguments;
  try {
    read = readArguments(args, TABLES);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  const { tables, rounds, json } = read;
  const results = new Map<string, TableResult>();
  for (const table of tables) {
    const result = await runTable(table, { rounds });
    results.set(table.name, result);
    process.stdout.write(`${formatTable(result)}\n\n`);
  }
  const about = { node: process.version, cores: availableParallelism(), rounds };
  process.stdout.write(`Node ${about.node}, ${about.cores} cores, ${rounds} rounds\n`);
  if (json)
    process.stdout.write(`${JSON.stringify({ ...about, tables: Object.fromEntries(results) })}\n`);
  return 0;
}
