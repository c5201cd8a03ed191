/**
 * What metering costs: lanes that do the same work with and without it, interleaved in one run.
 *
 * Usage: pnpm bench [--only NAME[,NAME]] [--rounds N] [--json] [--write]
 *
 * `--only` takes names of tables, also of those that run on demand only (`memory`). `--json` adds the results as one
 * last line of JSON. `--write` runs all tables and puts their figures into docs/performance.md. Exits 2 when the
 * arguments cannot be used.
 */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { readArguments, USAGE, type Arguments } from "./arguments.ts";
import { fillBlocks } from "./report/page.ts";
import { formatTable, formatTargets } from "./report/text.ts";
import { runTable } from "./run-table.ts";
import type { TableResult } from "./table.ts";
import { TABLES } from "./tables/index.ts";

const PAGE = join(import.meta.dirname, "../../docs/performance.md");
const EMPTY: TableResult = { title: "", columns: [], rows: [] };

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let read: Arguments;
  try {
    read = readArguments(args, TABLES);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  const { tables, rounds, json, write } = read;
  // A page without a block for its figures should be known before the minutes of measuring.
  if (write) await fillPage(blocksOf(new Map(tables.map(({ name }) => [name, EMPTY])), ""));

  const results = new Map<string, TableResult>();
  for (const table of tables) {
    const result = await runTable(table, { rounds });
    results.set(table.name, result);
    process.stdout.write(`${formatTable(result)}\n\n`);
  }
  const machine = `Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${rounds} rounds`;
  process.stdout.write(`${machine}\n`);
  if (write) await writeFile(PAGE, await fillPage(blocksOf(results, machine)));
  if (json) {
    const about = { node: process.version, cores: availableParallelism(), rounds };
    process.stdout.write(`${JSON.stringify({ ...about, tables: Object.fromEntries(results) })}\n`);
  }
  return 0;
}

function blocksOf(results: ReadonlyMap<string, TableResult>, machine: string): Map<string, string> {
  const blocks = new Map([["targets", `${formatTargets(results.values())}\n\n${machine}`]]);
  for (const [name, result] of results) blocks.set(name, formatTable(result));
  return blocks;
}

async function fillPage(blocks: ReadonlyMap<string, string>): Promise<string> {
  return fillBlocks(await readFile(PAGE, "utf8"), blocks);
}
