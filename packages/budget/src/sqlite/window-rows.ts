import type { DatabaseSync } from "node:sqlite";
import { numberIn, textIn, type Row } from "@tollgate/sqlite";
import type { CounterRecord } from "../memory/counter-record.ts";
import type { Bucket } from "../memory/rolling-buckets.ts";
import { createTally } from "../memory/slot.ts";
import type { Counter } from "../store/store.ts";
import { createCounterReader, writeCounter } from "./counter-text.ts";
import { parseNumberLists } from "./number-lists.ts";

/** A counter in one of its windows, as the file has it. */
export interface WindowRow extends CounterRecord {
  readonly id: number;
  readonly slot: number;
  /** The counter as it is written. */
  definition: string;
  /** How often the buckets of a rolling window were all dropped because time had stepped back. */
  generation: number;
  /** To be written before the transaction ends. */
  changed: boolean;
}

/** The rows of `counter_window`, and the statements that they are read and written with. */
export interface WindowRows {
  /** The newest window of a counter whose slot is in this range. */
  find(key: string, lowestSlot: number, highestSlot: number): WindowRow | undefined;
  byId(id: number): WindowRow | undefined;
  insert(counter: Counter, slot: number, startMs: number, endMs: number): WindowRow;
  update(row: WindowRow): void;
  delete(row: WindowRow): void;
  /** In the order of their ids. */
  after(id: number, count: number): WindowRow[];
  /** In the order of counters, each one's oldest window first. */
  page(after: Pick<WindowRow, "counter" | "slot"> | undefined, count: number): WindowRow[];
  highestId(): number;
}

const COLUMNS = `id, slot, definition, start_ms, end_ms, spent, reserved, extra, open_leases, leases, used_at_ms,
  reported, buckets`;

export function createWindowRows(db: DatabaseSync): WindowRows {
  const readCounter = createCounterReader();
  const find = db.prepare(
    `SELECT ${COLUMNS} FROM counter_window WHERE key = ? AND slot BETWEEN ? AND ? ORDER BY slot DESC LIMIT 1`,
  );
  const byId = db.prepare(`SELECT ${COLUMNS} FROM counter_window WHERE id = ?`);
  const insert = db.prepare(
    `INSERT INTO counter_window (key, slot, definition, start_ms, end_ms, spent, reserved, extra, open_leases,
      leases, used_at_ms, reported) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?, 0)`,
  );
  const update = db.prepare(
    `UPDATE counter_window SET definition = ?, start_ms = ?, end_ms = ?, spent = ?, reserved = ?, extra = ?,
      open_leases = ?, leases = ?, used_at_ms = ?, reported = ?, buckets = ? WHERE id = ?`,
  );
  const remove = db.prepare("DELETE FROM counter_window WHERE id = ?");
  const after = db.prepare(
    `SELECT ${COLUMNS} FROM counter_window WHERE id > ? ORDER BY id LIMIT ?`,
  );
  const page = db.prepare(
    `SELECT ${COLUMNS} FROM counter_window WHERE (key, slot) > (?, ?) ORDER BY key, slot LIMIT ?`,
  );
  const highestId = db.prepare("SELECT coalesce(max(id), 0) AS id FROM counter_window");

  function toWindow(row: Row): WindowRow {
    const buckets = row["buckets"];
    const definition = textIn(row, "definition");
    return {
      id: numberIn(row, "id"),
      slot: numberIn(row, "slot"),
      definition,
      counter: readCounter(definition),
      tally: {
        spent: numberIn(row, "spent"),
        reserved: numberIn(row, "reserved"),
        extra: numberIn(row, "extra"),
        gone: false,
        startMs: numberIn(row, "start_ms"),
        endMs: numberIn(row, "end_ms"),
        open: numberIn(row, "open_leases"),
        leases: numberIn(row, "leases"),
        usedAtMs: numberIn(row, "used_at_ms"),
        reported: numberIn(row, "reported"),
      },
      previous: undefined,
      changed: false,
      ...(typeof buckets === "string" ? readBuckets(buckets) : { generation: 0, buckets: [] }),
    };
  }
  const toOptional = (row: Row | undefined): WindowRow | undefined => row && toWindow(row);

  return {
    find: (key, lowestSlot, highestSlot) => toOptional(find.get(key, lowestSlot, highestSlot)),
    byId: (id) => toOptional(byId.get(id)),
    insert(counter, slot, startMs, endMs) {
      const definition = writeCounter(counter);
      const { lastInsertRowid } = insert.run(
        counter.key,
        slot,
        definition,
        startMs,
        endMs,
        startMs,
      );
      const tally = createTally(startMs, endMs);
      return {
        id: Number(lastInsertRowid),
        slot,
        definition,
        counter,
        tally,
        previous: undefined,
        generation: 0,
        buckets: [],
        changed: true,
      };
    },
    update({ id, counter, definition, tally, generation, buckets }) {
      update.run(
        definition,
        tally.startMs,
        tally.endMs,
        tally.spent,
        tally.reserved,
        tally.extra,
        tally.open,
        tally.leases,
        tally.usedAtMs,
        tally.reported,
        counter.window.kind === "rolling" ? writeBuckets(generation, buckets) : null,
        id,
      );
    },
    delete: ({ id }) => void remove.run(id),
    after: (id, count) => after.all(id, count).map(toWindow),
    page: (last, count) =>
      page
        .all(last?.counter.key ?? "", last?.slot ?? Number.NEGATIVE_INFINITY, count)
        .map(toWindow),
    highestId: () => numberIn(highestId.get() ?? {}, "id"),
  };
}

function writeBuckets(generation: number, buckets: readonly Bucket[]): string {
  const lists = buckets.map(({ index, spent, reserved, extra }) => [index, spent, reserved, extra]);
  return JSON.stringify([[generation], ...lists]);
}

function readBuckets(text: string): Pick<WindowRow, "generation" | "buckets"> {
  const [[generation = 0] = [], ...lists] = parseNumberLists(text);
  const buckets = lists.map(([index = 0, spent = 0, reserved = 0, extra = 0]) => ({
    index,
    spent,
    reserved,
    extra,
    gone: false,
  }));
  return { generation, buckets };
}
