import { hash } from "node:crypto";
import { monthOf } from "../query/pieces.ts";
import type { Deltas } from "../rollup/deltas.ts";
import { CELL_DIMENSIONS, SUBJECT_DIMENSIONS, type CellValues } from "../rollup/dimensions.ts";
import { createHourCache, type HourRows } from "../rollup/hour-rows.ts";
import { createKnownIds, type KnownIds } from "../rollup/known-ids.ts";
import { overflowCell } from "../rollup/limits.ts";
import { overflowKey, placeSums } from "../rollup/place-sums.ts";
import { addSums, createSums, type Sums } from "../rollup/sums.ts";
import { addToSums, sumParameters, totalColumns, type TotalTable } from "../rollup/upsert.ts";
import type { Session } from "./connection.ts";

/** The rows of the roll-ups, written by whoever holds the ledger's lock: ids are given in place. */
export interface RollUpRows {
  add(session: Session, deltas: Deltas): Promise<void>;
  /** @param lost - what the transaction before made was perhaps not written */
  begin(lost: boolean): void;
}

interface Row {
  readonly key: readonly number[];
  readonly sums: Sums;
}

const POSTGRES = { smaller: "least", larger: "greatest" };

export function createRollUpRows(
  schema: string,
  limits: { readonly cells: number; readonly subjects: number },
): RollUpRows {
  const hours = createHourCache();
  const cells = createKnownIds();
  const subjects = createKnownIds();
  const inserts = {
    hour_total: insertOf("hour_total"),
    day_total: insertOf("day_total"),
    month_total: insertOf("month_total"),
    subject_total: insertOf("subject_total"),
  };

  function insertOf(table: TotalTable): string {
    const columns = totalColumns(table);
    const typed = columns.map((column) => `${column} bigint`);
    return `INSERT INTO ${schema}.${table} (${columns.join(", ")})
      SELECT ${columns.join(", ")} FROM json_to_recordset($1::json) AS r(${typed.join(", ")})
      ${addToSums(table, POSTGRES)}`;
  }

  async function write(session: Session, table: TotalTable, rows: Iterable<Row>): Promise<void> {
    const columns = totalColumns(table);
    const written = Array.from(rows, ({ key, sums }) => {
      // JSON has no whole numbers as large as money may be: text does.
      const values = [...key, ...sumParameters(sums)].map(String);
      return Object.fromEntries(columns.map((column, index) => [column, values[index]]));
    });
    if (written.length > 0) await session.query(inserts[table], [JSON.stringify(written)]);
  }

  /** Reads what is not known of the hours and names of a transaction. */
  async function prepare({ query }: Session, deltas: Deltas): Promise<void> {
    const cellNames = new Map<string, string>();
    const subjectNames = new Map<string, { kind: number; value: string }>();
    for (const { key, cell, hour, subjects: own } of deltas.all()) {
      if (hours.get(hour) === undefined) hours.put(hour, await readHour(query, hour));
      for (const each of [key, ...restKeys(cell)]) {
        if (cells.get(each) === undefined) cellNames.set(hash("sha256", each), each);
      }
      for (const [name, { kind, value }] of own) {
        if (subjects.get(name) === undefined) subjectNames.set(name, { kind, value });
      }
    }
    if (cellNames.size > 0) {
      const found = await query(
        `SELECT id, fingerprint FROM ${schema}.cell WHERE fingerprint = ANY ($1::text[])`,
        [[...cellNames.keys()]],
      );
      for (const row of found) {
        cells.set(cellNames.get(String(row["fingerprint"])) ?? "", Number(row["id"]));
      }
    }
    if (subjectNames.size > 0) {
      const asked = [...subjectNames.values()];
      const found = await query(
        `SELECT s.id, s.kind, s.value FROM ${schema}.subject s
          JOIN unnest($1::bigint[], $2::text[]) AS n(kind, value) USING (kind, value)`,
        [asked.map(({ kind }) => kind), asked.map(({ value }) => value)],
      );
      for (const row of found)
        subjects.set(`${Number(row["kind"])}${String(row["value"])}`, Number(row["id"]));
    }
  }

  async function readHour(query: Session["query"], hour: number): Promise<HourRows> {
    const inHour = await query(`SELECT cell_id FROM ${schema}.hour_total WHERE period = $1`, [
      hour,
    ]);
    const bySubject = await query(
      `SELECT kind, subject_id, cell_id FROM ${schema}.subject_total
        WHERE period = $1 AND kind = ANY ($2::bigint[])`,
      [hour, [...SUBJECT_DIMENSIONS.keys()]],
    );
    return {
      cells: new Set(inHour.map((row) => Number(row["cell_id"]))),
      subjects: SUBJECT_DIMENSIONS.map(
        (_dimension, kind) =>
          new Set(
            bySubject
              .filter((row) => row["kind"] === kind)
              .map((row) => `${Number(row["subject_id"])} ${Number(row["cell_id"])}`),
          ),
      ),
    };
  }

  async function nextId({ query }: Session, table: "cell" | "subject"): Promise<number> {
    const [row] = await query(`SELECT coalesce(max(id), 0) + 1 AS id FROM ${schema}.${table}`);
    return Number(row?.["id"]);
  }

  return {
    begin(lost) {
      cells.begin(lost);
      subjects.begin(lost);
    },
    async add(session, deltas) {
      await prepare(session, deltas);
      const firstCell = await nextId(session, "cell");
      const firstSubject = await nextId(session, "subject");
      const newCells: (CellValues & { id: number; fingerprint: string; overflow: number })[] = [];
      const newSubjects: { id: number; kind: number; value: string }[] = [];
      const perHour = new Map<string, Row>();
      const perDay = new Map<string, Row>();
      const perMonth = new Map<string, Row>();
      const perSubject = new Map<string, Row>();
      placeSums(
        deltas,
        {
          rowsOf: (hour) => hours.get(hour) ?? { cells: new Set(), subjects: [] },
          findCell: cells.get,
          makeCell(key, cell, overflow) {
            const id = firstCell + newCells.length;
            newCells.push({ ...cell, id, fingerprint: hash("sha256", key), overflow });
            return keep(cells, key, id);
          },
          findSubject: (kind, value) => subjects.get(`${kind}${value}`),
          makeSubject(kind, value) {
            const id = firstSubject + newSubjects.length;
            newSubjects.push({ id, kind, value });
            return keep(subjects, `${kind}${value}`, id);
          },
          addCell(hour, cellId, sums) {
            merge(perHour, [hour, cellId], sums);
            const day = Math.floor(hour / 24);
            merge(perDay, [day, cellId], sums);
            merge(perMonth, [monthOf(day), cellId], sums);
          },
          addSubject(kind, hour, subjectId, cellId, sums) {
            merge(perSubject, [kind, hour, subjectId, cellId], sums);
          },
        },
        limits,
      );
      if (newCells.length > 0) {
        const columns = ["id", "fingerprint", "overflow", ...CELL_DIMENSIONS];
        const numbers = new Set(["id", "overflow"]);
        const typed = columns.map((name) => `${name} ${numbers.has(name) ? "bigint" : "text"}`);
        await session.query(
          `INSERT INTO ${schema}.cell (${columns.join(", ")}) SELECT ${columns.join(", ")}
            FROM json_to_recordset($1::json) AS r(${typed.join(", ")})`,
          [JSON.stringify(newCells)],
        );
      }
      if (newSubjects.length > 0) {
        await session.query(
          `INSERT INTO ${schema}.subject (id, kind, value) SELECT id, kind, value
            FROM json_to_recordset($1::json) AS r(id bigint, kind bigint, value text)`,
          [JSON.stringify(newSubjects)],
        );
      }
      await write(session, "hour_total", perHour.values());
      await write(session, "day_total", perDay.values());
      await write(session, "month_total", perMonth.values());
      await write(session, "subject_total", perSubject.values());
    },
  };
}

function restKeys(cell: CellValues): string[] {
  return [0, Number.MAX_SAFE_INTEGER].map((count) => {
    const rest = overflowCell(cell, count, 1);
    return overflowKey(rest.cell, rest.overflow);
  });
}

function keep(ids: KnownIds, name: string, id: number): number {
  ids.set(name, id);
  return id;
}

function merge(rows: Map<string, Row>, key: readonly number[], sums: Sums): void {
  const name = key.join(" ");
  let row = rows.get(name);
  if (row === undefined) rows.set(name, (row = { key, sums: createSums() }));
  addSums(row.sums, sums);
}
