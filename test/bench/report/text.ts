import type { Column, Judged, Row, TableResult } from "../table.ts";

/** A table as people read it. */
export function formatTable({
  title,
  columns,
  rows,
  notes = [],
  targets = [],
}: TableResult): string {
  const nameWidth = Math.max(title.length, ...rows.map(({ name }) => name.length)) + 2;
  const head = title.padEnd(nameWidth) + columns.map(({ title: text }) => pad(text)).join("");
  const lines = rows.flatMap((row, index) => [
    ...headingOf(row, rows[index - 1]),
    row.name.padEnd(nameWidth) + columns.map((column) => pad(figure(row, column))).join(""),
  ]);
  return [head, ...lines, ...targets.map(formatTarget), ...notes].join("\n");
}

const WIDTH = 10;
const pad = (text: string): string => text.padStart(WIDTH);

function headingOf(row: Row, before: Row | undefined): string[] {
  return row.group === undefined || row.group === before?.group ? [] : [`-- ${row.group}`];
}

function figure({ values }: Row, { key, digits, unit = "" }: Column): string {
  const value = values[key];
  return value === undefined ? "" : `${value.toFixed(digits)}${unit}`;
}

function formatTarget({ what, atMost, unit, measured, met }: Judged): string {
  const digits = unit === "×" ? 3 : 1;
  return `target: ${what} ≤ ${atMost} ${unit}: ${measured.toFixed(digits)} ${unit}, ${met ? "met" : "MISSED"}`;
}
