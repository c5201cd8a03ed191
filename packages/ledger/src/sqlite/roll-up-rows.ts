import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { numberIn } from "@tollgate/sqlite";
import { monthOf } from "../query/pieces.ts";
import type { Deltas } from "../rollup/deltas.ts";
import { CELL_DIMENSIONS, SUBJECT_DIMENSIONS } from "../rollup/dimensions.ts";
import { createHourCache, type HourRows } from "../rollup/hour-rows.ts";
import { createKnownIds } from "../rollup/known-ids.ts";
import { placeSums, type Places } from "../rollup/place-sums.ts";
import { addToSums, sumParameters, totalColumns, type TotalTable } from "../rollup/upsert.ts";

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

export function createRollUpRows(
  db: DatabaseSync,
  limits: { readonly cells: number; readonly subjects: number },
): RollUpRows {
  const statements = prepareAll(db);
  const hours = createHourCache();
  const cells = createKnownIds();
  const subjects = createKnownIds();

  const places: Places = {
    rowsOf: (hour) => hours.get(hour) ?? hours.put(hour, readHour(statements, hour)),
    findCell(key) {
      const known = cells.get(key);
      if (known !== undefined) return known;
      const row = statements.findCell.get(hash("sha256", key));
      if (row === undefined) return undefined;
      const id = numberIn(row, "id");
      cells.set(key, id);
      return id;
    },
    makeCell(key, cell, overflow) {
      const values = CELL_DIMENSIONS.map((dimension) => cell[dimension]);
      const { lastInsertRowid } = statements.insertCell.run(
        hash("sha256", key),
        overflow,
        ...values,
      );
      cells.set(key, Number(lastInsertRowid));
      return Number(lastInsertRowid);
    },
    findSubject(kind, value) {
      const known = subjects.get(`${kind}${value}`);
      if (known !== undefined) return known;
      const row = statements.findSubject.get(kind, value);
      if (row === undefined) return undefined;
      const id = numberIn(row, "id");
      subjects.set(`${kind}${value}`, id);
      return id;
    },
    makeSubject(kind, value) {
      const { lastInsertRowid } = statements.insertSubject.run(kind, value);
      subjects.set(`${kind}${value}`, Number(lastInsertRowid));
      return Number(lastInsertRowid);
    },
    addCell(hour, cellId, sums) {
      const values = sumParameters(sums);
      statements.addHour.run(hour, cellId, ...values);
      const day = Math.floor(hour / 24);
      statements.addDay.run(day, cellId, ...values);
      statements.addMonth.run(monthOf(day), cellId, ...values);
    },
    addSubject(kind, hour, subjectId, cellId, sums) {
      statements.addSubject.run(kind, hour, subjectId, cellId, ...sumParameters(sums));
    },
  };

  return {
    add: (deltas) => placeSums(deltas, places, limits),
    begin(lost) {
      cells.begin(lost);
      subjects.begin(lost);
    },
  };
}

function readHour(statements: ReturnType<typeof prepareAll>, hour: number): HourRows {
  return {
    cells: new Set(statements.cellsOfHour.all(hour).map((row) => numberIn(row, "cell_id"))),
    subjects: SUBJECT_DIMENSIONS.map((_dimension, kind) => {
      const rows = statements.subjectsOfHour.all(kind, hour);
      return new Set(
        rows.map((row) => `${numberIn(row, "subject_id")} ${numberIn(row, "cell_id")}`),
      );
    }),
  };
}

const SQLITE = { smaller: "min", larger: "max" };

function prepareAll(db: DatabaseSync) {
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
    addMonth: upsert("month_total"),
    addSubject: upsert("subject_total"),
  };
}

function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length - 1)})`;
}
