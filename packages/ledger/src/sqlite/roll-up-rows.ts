import { hash } from "node:crypto";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { numberIn } from "@tollgate/sqlite";
import type { CellDelta, Deltas } from "../rollup/deltas.ts";
import { CELL_DIMENSIONS, cellKey, SUBJECT_DIMENSIONS, type CellValues } from "../rollup/dimensions.ts";
import { admit, createHourCache, type HourRows } from "../rollup/hour-rows.ts";
import { MAX_COST_OF_ROW, MAX_COUNT_OF_ROW, overflowCell } from "../rollup/limits.ts";
import { MEASURES } from "../rollup/measures.ts";
import { costOf, type Sums } from "../rollup/sums.ts";
import { addToSums, totalColumns, type TotalTable } from "../rollup/upsert.ts";

/** The rows of the roll-ups, and the statements that they are written with. */
export interface RollUpRows {
  /** Adds the sums of a transaction. */
  add(deltas: Deltas): void;
  /**
   * A new transaction begins.
   *
   * @param lost - what the one before made was perhaps not written
   */
  begin(lost: boolean): void;
}

const IDS_KEPT = 50_000;

export function createRollUpRows(
  db: DatabaseSync,
  limits: { readonly cells: number; readonly subjects: number },
): RollUpRows {
  const statements = prepareAll(db);
  const cells = createIds((fingerprint: string, overflow: number, values: readonly SQLInputValue[]) => {
    const found = statements.findCell.get(fingerprint);
    if (found !== undefined) return numberIn(found, "id");
    return Number(statements.insertCell.run(fingerprint, overflow, ...values).lastInsertRowid);
  });
  const subjects = createIds((value: string, kind: number) => {
    const found = statements.findSubject.get(kind, value);
    if (found !== undefined) return numberIn(found, "id");
    return Number(statements.insertSubject.run(kind, value).lastInsertRowid);
  });
  const hours = createHourCache();

  function rowsOf(hour: number): HourRows {
    const known = hours.open(hour);
    if (known !== undefined) return known;
    const rows: HourRows = {
      cells: new Set(statements.cellsOfHour.all(hour).map((row) => numberIn(row, "cell_id"))),
      subjects: SUBJECT_DIMENSIONS.map(
        (_dimension, kind) =>
          new Set(
            statements.subjectsOfHour
              .all(kind, hour)
              .map((row) => `${numberIn(row, "subject_id")} ${numberIn(row, "cell_id")}`),
          ),
      ),
    };
    return hours.put(hour, rows);
  }

  function cellId(key: string, cell: CellValues, overflow: number): number {
    return cells.get(`${overflow}\0${key}`, () => [
      hash("sha256", `${overflow}\0${key}`),
      overflow,
      CELL_DIMENSIONS.map((dimension) => cell[dimension]),
    ]);
  }

  function addDelta({ key, cell, hour, sums, subjects: bySubject }: CellDelta): void {
    const rows = rowsOf(hour);
    let id = cellId(key, cell, 0);
    if (!admit(rows.cells, id, limits.cells)) {
      const rest = overflowCell(cell, rows.cells.size, limits.cells);
      id = cellId(cellKey(rest.cell), rest.cell, rest.overflow);
      rows.cells.add(id);
    }
    const values = parametersOf(id, sums);
    statements.addHour.run(hour, ...values);
    statements.addDay.run(Math.floor(hour / 24), ...values);
    for (const { kind, value, sums: own } of bySubject.values()) {
      const known = rows.subjects[kind] ?? new Set();
      const subject = subjects.get(`${kind}${value}`, () => [value, kind]);
      const place = admit(known, `${subject} ${id}`, limits.subjects) ? subject : 0;
      statements.addSubject.run(kind, hour, place, ...parametersOf(id, own));
    }
  }

  return {
    add(deltas) {
      for (const delta of deltas.all()) addDelta(delta);
    },
    begin(lost) {
      cells.begin(lost);
      subjects.begin(lost);
    },
  };
}

/** Ids of names, found or made once. */
function createIds<Arguments extends readonly unknown[]>(find: (...args: Arguments) => number) {
  const known = new Map<string, number>();
  let last: string[] = [];
  return {
    get(key: string, args: () => Arguments): number {
      let id = known.get(key);
      if (id === undefined) {
        id = find(...args());
        if (known.size >= IDS_KEPT) known.clear();
        known.set(key, id);
        last.push(key);
      }
      return id;
    },
    begin(lost: boolean): void {
      if (lost) for (const key of last) known.delete(key);
      last = [];
    },
  };
}

function parametersOf(cellId: number, sums: Sums): SQLInputValue[] {
  const cost = costOf(sums);
  return [
    cellId,
    sums.events,
    ...MEASURES.map((measure) =>
      measure === "cost_nano_usd"
        ? cost > MAX_COST_OF_ROW
          ? MAX_COST_OF_ROW
          : cost
        : Math.min(sums[measure], MAX_COUNT_OF_ROW),
    ),
    sums.first_ms,
    sums.last_ms,
  ];
}

const SQLITE = { smaller: "min", larger: "max" };

function prepareAll(db: DatabaseSync) {
  const insert = (table: string, columns: readonly string[]): string =>
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length - 1)})`;
  const upsert = (table: TotalTable): StatementSync =>
    db.prepare(`${insert(table, totalColumns(table))} ${addToSums(table, SQLITE)}`);
  return {
    findCell: db.prepare("SELECT id FROM cell WHERE fingerprint = ?"),
    insertCell: db.prepare(insert("cell", ["fingerprint", "overflow", ...CELL_DIMENSIONS])),
    findSubject: db.prepare("SELECT id FROM subject WHERE kind = ? AND value = ?"),
    insertSubject: db.prepare(insert("subject", ["kind", "value"])),
    cellsOfHour: db.prepare("SELECT cell_id FROM hour_total WHERE period = ?"),
    subjectsOfHour: db.prepare(
      "SELECT subject_id, cell_id FROM subject_total WHERE kind = ? AND period = ?",
    ),
    addHour: upsert("hour_total"),
    addDay: upsert("day_total"),
    addSubject: upsert("subject_total"),
  };
}
