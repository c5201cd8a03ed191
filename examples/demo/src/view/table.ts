import { truncate } from "./text.ts";

export interface Column<Row> {
  readonly title: string;
  readonly align: "left" | "right";
  readonly cell: (row: Row) => string;
}

const GAP = "  ";

/**
 * Lines of a table, titles first, none longer than `width`. When it is too wide, columns of names
 * (`left`) give way, the widest first; figures are never cut.
 */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
): string[] {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((line) => line[index]?.length ?? 0)),
  );
  shrink(widths, columns, width - GAP.length * (columns.length - 1));
  return cells.map((line) => {
    const padded = columns.map(({ align }, index) => {
      const cellWidth = widths[index] ?? 0;
      const text = truncate(line[index] ?? "", cellWidth);
      return align === "left" ? text.padEnd(cellWidth) : text.padStart(cellWidth);
    });
    return truncate(padded.join(GAP).trimEnd(), width);
  });
}

function shrink<Row>(widths: number[], columns: readonly Column<Row>[], available: number): void {
  const minimum = 4;
  const total = (): number => widths.reduce((sum, columnWidth) => sum + columnWidth, 0);
  while (total() > available) {
    const names = columns.flatMap(({ align }, index) => (align === "left" ? [index] : []));
    const widest = names.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined || (widths[widest] ?? 0) <= minimum) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}
