/**
 * A table in Markdown, its columns as wide as their widest cell, as the formatter wants them.
 *
 * @param head - a name that ends with a colon is that of numbers, which stand at the right.
 */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const names = head.map((name) => name.replace(/:$/, ""));
  const widths = names.map((name, column) =>
    Math.max(3, name.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const isNumber = (column: number): boolean => head[column]?.endsWith(":") ?? false;
  const padded = (cells: readonly string[]): string =>
    line(
      widths.map((width, column) => {
        const cell = cells[column] ?? "";
        return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
      }),
    );
  const rule = widths.map((width, column) =>
    isNumber(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [padded(names), line(rule), ...rows.map(padded)];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
