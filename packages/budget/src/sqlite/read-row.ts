import type { SQLOutputValue } from "node:sqlite";

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** @throws Error when the column holds something else. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`column ${column} holds no number`);
  return value;
}

/** @throws Error when the column holds something else. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`column ${column} holds no text`);
  return value;
}

/** @returns lists of numbers written as JSON. @throws Error when the text is something else. */
export function parseNumberLists(text: string): number[][] {
  const lists: unknown = JSON.parse(text);
  if (!Array.isArray(lists)) throw new Error(`no list: ${text}`);
  return lists.map((list: unknown) => {
    if (!Array.isArray(list)) throw new Error(`no list of lists: ${text}`);
    return list.map(Number);
  });
}
