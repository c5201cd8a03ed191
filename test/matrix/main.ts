/**
 * The scenario matrix: every client in every format, with and without metering.
 *
 * Usage: pnpm matrix [--client NAME] [--json] [--write]
 *
 * `--client` takes a name such as `openai 7`, or `openai` for all its versions. `--json` adds the results
 * as one last line of JSON. `--write` makes docs/clients.md of a whole run. Exits 1 when a cell has a
 * problem, 2 when the arguments cannot be used.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reportCell, type CellReport } from "./cell-report.ts";
import { allCells, clientsNamed } from "./choose-cells.ts";
import type { Cell } from "./clients.ts";
import { clientsPage } from "./clients-page.ts";
import { formatCell, formatEnd } from "./table.ts";

const USAGE = "usage: pnpm matrix [--client NAME] [--json] [--write]";
const PAGE = join(import.meta.dirname, "../../docs/clients.md");

interface Arguments {
  readonly cells: readonly Cell[];
  readonly json: boolean;
  readonly write: boolean;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let read: Arguments;
  try {
    read = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  const reports: CellReport[] = [];
  for (const cell of read.cells) {
    const report = await reportCell(cell);
    reports.push(report);
    process.stdout.write(`${formatCell(report)}\n`);
  }
  process.stdout.write(formatEnd(reports));
  if (read.json) process.stdout.write(`${JSON.stringify({ cells: reports })}\n`);
  const failed = reports.some(({ problems }) => problems.length > 0);
  if (read.write && !failed) await writeFile(PAGE, clientsPage(reports));
  return failed ? 1 : 0;
}

function readArguments(args: readonly string[]): Arguments {
  const options = {
    client: { type: "string" },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  } as const;
  const { client, json, write } = parseArgs({ args: [...args], options }).values;
  if (write && client !== undefined) {
    throw new Error("--write needs a run of all clients: leave --client out");
  }
  return { cells: allCells(client === undefined ? undefined : clientsNamed(client)), json, write };
}
