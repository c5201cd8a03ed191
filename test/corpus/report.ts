import type { CaseResult, CaseStatus } from "./run-corpus.ts";

/** A table of what was read right by provider and operation, then every case that was not. */
export function formatReport(results: readonly CaseResult[]): string {
  const groups = Map.groupBy(results, ({ provider, operation }) => `${provider} ${operation}`);
  const rows = [...groups].map(([name, group]) => [
    name,
    ...STATUSES.map((status) => shown(group, status)),
  ]);
  const total = ["all", ...STATUSES.map((status) => shown(results, status))];
  const table = [["", ...STATUSES], ...rows, total].map(formatRow);
  return [...table, ...listed(results, "unsupported"), ...listed(results, "failed"), ""].join("\n");
}

/** One line of JSON for machines. */
export function formatJson(results: readonly CaseResult[]): string {
  const counts = STATUSES.map((status) => [status, countOf(results, status)]);
  return JSON.stringify({ ...Object.fromEntries(counts), cases: results });
}

const STATUSES: readonly CaseStatus[] = ["passed", "failed", "unsupported"];

export function countOf(results: readonly CaseResult[], status: CaseStatus): number {
  return results.filter((result) => result.status === status).length;
}

function shown(results: readonly CaseResult[], status: CaseStatus): string {
  const count = countOf(results, status);
  return count === 0 ? "" : String(count);
}

function formatRow([name = "", ...cells]: readonly string[]): string {
  return `${name.padEnd(32)}${cells.map((cell) => cell.padStart(13)).join("")}`.trimEnd();
}

/** One line for each reason, with the case it is about or how many there are. */
function listed(results: readonly CaseResult[], status: CaseStatus): readonly string[] {
  const cases = results.filter((result) => result.status === status);
  if (cases.length === 0) return [];
  const lines = [...Map.groupBy(cases, ({ reason }) => reason)].map(
    ([reason, [first, ...others]]) =>
      others.length === 0 ? `  ${first?.id}: ${reason}` : `  ${others.length + 1} cases: ${reason}`,
  );
  return ["", `${status}:`, ...lines];
}
