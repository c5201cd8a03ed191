import { statusOf, type CellReport } from "./cell-report.ts";

const MAX_PROBLEMS = 40;

/** One line for a cell that has just been run. */
export function formatCell(report: CellReport): string {
  const { client, format, scenarios } = report;
  const cells = [client.padEnd(18), format.padEnd(8), String(scenarios).padStart(5)];
  return `${cells.join("")}  ${statusOf(report)}`;
}

/** The problems of all cells, and a last line with the sums. */
export function formatEnd(reports: readonly CellReport[]): string {
  const lines = reports.flatMap(({ client, format, problems }) =>
    problems.map(
      ({ kind, scenario, what }) => `  ${client} ${format}, ${scenario}: ${kind}: ${what}`,
    ),
  );
  const more = lines.length - MAX_PROBLEMS;
  const scenarios = reports.reduce((sum, report) => sum + report.scenarios, 0);
  return [
    "",
    ...lines.slice(0, MAX_PROBLEMS),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `${reports.length} cells, ${scenarios} scenarios, ${lines.length} problems`,
    "",
  ].join("\n");
}
