/**
 * Senders of telemetry that are no npm packages, against the collector: Python's instrumentations and an
 * OpenTelemetry Collector before and behind it. Every call is compared with what the provider counted.
 *
 * Usage: pnpm interop [--only NAME] [--require-all] [--write]
 *
 * Needs PyPI, the Go module proxy, `python3`, `go` and `prometheus`; what is built is kept in
 * node_modules/.cache. What cannot be had is named at the end and does not fail the run, unless
 * `--require-all`. `--write` makes docs/interop.md of a whole run. Exits 1 when something is wrong, 2
 * when the arguments cannot be used, 3 when with `--require-all` something could not be reached.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatTable } from "../markdown-table.ts";
import { interopPage, TABLE_HEAD } from "./interop-page.ts";
import { cellsOf, findingsOf, formatFindings, isReached, type SenderReport } from "./report.ts";
import { allRuns, type InteropRun } from "./runs.ts";

const USAGE = "usage: pnpm interop [--only NAME] [--require-all] [--write]";
const PAGE = join(import.meta.dirname, "../../docs/interop.md");

interface Arguments {
  readonly runs: readonly InteropRun[];
  readonly requireAll: boolean;
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
  const reports: SenderReport[] = [];
  for (const { name, start } of read.runs) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they share two cores
    const report = await start().catch((error: unknown) => brokenRun(name, error));
    reports.push(report);
    process.stdout.write(told(report));
  }
  process.stdout.write(`\n${formatTable(TABLE_HEAD, reports.map(cellsOf)).join("\n")}\n`);
  const unreached = reports.filter((report) => !isReached(report));
  for (const { title, over } of unreached) process.stdout.write(`not reached: ${title}, ${over}\n`);
  const isWrong = reports.some((report) => findingsOf(report, "wrong").length > 0);
  if (read.write && !isWrong && unreached.length === 0) await writeFile(PAGE, interopPage(reports));
  if (isWrong) return 1;
  return read.requireAll && unreached.length > 0 ? 3 : 0;
}

/** What cannot be run is wrong: it could be reached. */
function brokenRun(name: string, error: unknown): SenderReport {
  const text = error instanceof Error ? error.message : String(error);
  const findings = [{ kind: "wrong", scenario: "the run", text } as const];
  return { name, title: name, over: "", versions: [], calls: [], booked: [], findings };
}

function told(report: SenderReport): string {
  const lines = [
    `${report.name} over ${report.over}: ${cellsOf(report).at(-1)}`,
    ...formatFindings(report, "wrong").map((line) => `  WRONG ${line}`),
    ...formatFindings(report, "limit").map((line) => `  not told: ${line}`),
    ...(isReached(report) ? (report.notes ?? []) : []).map((line) => `  ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

function readArguments(args: readonly string[]): Arguments {
  const options = {
    only: { type: "string" },
    "require-all": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  } as const;
  const { only, write, "require-all": requireAll } = parseArgs({ args: [...args], options }).values;
  if (write && only !== undefined) {
    throw new Error("--write needs a run of all senders: leave --only out");
  }
  const runs = allRuns().filter(({ name }) => only === undefined || name === only);
  if (runs.length === 0) {
    const names = [...new Set(allRuns().map(({ name }) => name))].join(", ");
    throw new Error(`--only ${only}: there is no such sender; write one of ${names}`);
  }
  return { runs, requireAll, write };
}
