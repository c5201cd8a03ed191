import type { Cell, Format } from "./clients.ts";
import { publishedPackages, type Published } from "./installed.ts";
import { judgeCell, type Problem, type Verdict } from "./judge-cell.ts";
import { runCell } from "./run-cell.ts";

/** What one cell came to: plain data, for tables and machines. */
export interface CellReport {
  readonly client: string;
  readonly format: Format;
  readonly packages: readonly Published[];
  readonly scenarios: number;
  /** Paths of calls that no wire format reads yet. */
  readonly unread: readonly string[];
  readonly problems: readonly Problem[];
  readonly known: readonly Problem[];
}

/** Runs a cell. A run that breaks is a problem like any other. */
export async function reportCell(cell: Cell): Promise<CellReport> {
  const { client, format } = cell;
  const verdict = await runCell(cell).then((runs) => judgeCell(cell, runs), broken);
  return {
    client: client.name,
    format,
    packages: await publishedPackages(client),
    ...verdict,
  };
}

function broken(error: unknown): Verdict {
  const what = error instanceof Error ? error.message : String(error);
  const problem: Problem = { kind: "result", scenario: "all", what };
  return { scenarios: 0, problems: [problem], known: [], unread: [] };
}

/** In a word or a line: `ok`, or why not. */
export function statusOf({ problems, unread }: CellReport): string {
  if (problems.length > 0) return `${problems.length} problems`;
  return unread.length === 0 ? "ok" : `ok; not metered yet: ${unread.join(", ")}`;
}
