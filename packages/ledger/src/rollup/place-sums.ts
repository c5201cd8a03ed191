import { cellKey, type CellValues } from "./dimensions.ts";
import type { Deltas } from "./deltas.ts";
import type { HourRows } from "./hour-rows.ts";
import { overflowCell } from "./limits.ts";
import type { Sums } from "./sums.ts";

/** What a database has for sums to go to. */
export interface Places {
  rowsOf(hour: number): HourRows;
  findCell(key: string): number | undefined;
  makeCell(key: string, cell: CellValues, overflow: number): number;
  findSubject(kind: number, value: string): number | undefined;
  makeSubject(kind: number, value: string): number;
  /** Adds to the sums of an hour, of its day and of its month. */
  addCell(hour: number, cellId: number, sums: Sums): void;
  addSubject(kind: number, hour: number, subjectId: number, cellId: number, sums: Sums): void;
}

/** Names the cell that takes what overflows. */
export function overflowKey(cell: CellValues, overflow: number): string {
  return `${overflow}\0${cellKey(cell)}`;
}

/**
 * Says where the sums of a transaction go. An hour that has as many rows as allowed takes no new one, nor are names kept
 * for what it refuses: those sums go to a row that stands for the rest, so that the whole stays exact.
 */
export function placeSums(
  deltas: Deltas,
  places: Places,
  limits: { readonly cells: number; readonly subjects: number },
): void {
  for (const { key, cell, hour, sums, subjects } of deltas.all()) {
    const rows = places.rowsOf(hour);
    const cellId = cellFor(key, cell, rows);
    places.addCell(hour, cellId, sums);
    for (const { kind, value, sums: own } of subjects.values()) {
      places.addSubject(kind, hour, subjectFor(kind, value, cellId, rows), cellId, own);
    }
  }

  function cellFor(key: string, cell: CellValues, { cells }: HourRows): number {
    const found = places.findCell(key);
    if (found !== undefined && cells.has(found)) return found;
    const isFull = cells.size >= limits.cells;
    const id = isFull ? restOf(cell, cells.size) : (found ?? places.makeCell(key, cell, 0));
    cells.add(id);
    return id;
  }

  function restOf(cell: CellValues, count: number): number {
    const rest = overflowCell(cell, count, limits.cells);
    const key = overflowKey(rest.cell, rest.overflow);
    return places.findCell(key) ?? places.makeCell(key, rest.cell, rest.overflow);
  }

  function subjectFor(kind: number, value: string, cellId: number, rows: HourRows): number {
    const known = rows.subjects[kind] ?? new Set();
    const found = places.findSubject(kind, value);
    if (found !== undefined && known.has(`${found} ${cellId}`)) return found;
    if (known.size >= limits.subjects) return 0;
    const id = found ?? places.makeSubject(kind, value);
    known.add(`${id} ${cellId}`);
    return id;
  }
}
