import type { Column, Judged, Row, TableResult } from "../table.ts";

const LEAST_WIDTH = 10;
const pad = (text: string, { title }: Column): string =>
  text.padStart(Math.max(LEAST_WIDTH, title.length + 2));

/** A table as people read it. */
export function formatTable(result: TableResult): string {
  const { title, columns, rows, notes = [], targets = [] } = result;
  const nameWidth = Math.max(title.length, ...rows.map(({ name }) => name.length)) + 1;
  const head =
    title.padEnd(nameWidth) + columns.map((column) => pad(column.title, column)).join("");
  const lines = rows.flatMap((row, index) => [
    ...headingOf(row, rows[index - 1]),
    row.name.padEnd(nameWidth) + columns.map((column) => pad(figure(row, column), column)).join(""),
  ]);
  return [head, ...lines, ...below(targets.map(formatTarget)), ...below(notes)].join("\n");
}

/** All targets of all tables, in one list. */
export function formatTargets(results: Iterable<TableResult>): string {
  return [...results].flatMap(({ targets = [] }) => targets.map(formatTarget)).join("\n");
}

function below(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ["", ...lines] : [];
}

function headingOf({ group }: Row, before: Row | undefined): string[] {
  return group === undefined || group === before?.group ? [] : [`-- ${group}`];
}

function figure({ values }: Row, { key, digits, unit = "" }: Column): string {
  const value = values[key];
  return value === undefined ? "" : `${value.toFixed(digits)}${unit}`;
}

function formatTarget({ what, atMost, unit, measured, met }: Judged): string {
  const digits = unit === "×" ? 3 : 1;
  const space = unit === "×" ? "" : " ";
  const verdict = met ? "met   " : "missed";
  return `${verdict} ${what} ≤ ${atMost}${space}${unit}: ${measured.toFixed(digits)}${space}${unit}`;
}
