import { stripVTControlCharacters } from "node:util";
import type { TokenEntry } from "@tollgate/collector/access";
import type { Terminal } from "./terminal.ts";

const HEAD = ["ID", "SCOPES", "ORGANIZATION", "CREATED", "NOTE"];

/** Tokens as columns, the oldest first. */
export function tokenTable(
  tokens: readonly TokenEntry[],
  { bold }: Pick<Terminal, "bold">,
): string {
  const rows = tokens.map(({ id, scopes, organization, createdMs, note }) =>
    [
      id,
      scopes.join(","),
      organization ?? "(all)",
      new Date(createdMs).toISOString().slice(0, 10),
      note ?? "",
    ].map((cell) => stripVTControlCharacters(cell).replaceAll(/\s+/g, " ")),
  );
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `${bold(line(HEAD))}\n${rows.map((row) => `${line(row)}\n`).join("")}`;
}
