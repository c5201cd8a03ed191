import { MEASURES, type Measures } from "../rollup/measures.ts";
import type { Incoming } from "../rows/booking.ts";
import { EVENT_COLUMNS, toEventRow, type Place } from "../rows/event-row.ts";
import { WAITING } from "../schema/tables.ts";
import type { Session } from "./connection.ts";

/** An event that is there. */
export interface FoundEvent {
  readonly sequence: number;
  readonly timeMs: number;
  readonly isWaiting: boolean;
  readonly receivedMs: number;
}

export interface NewRow {
  readonly incoming: Incoming;
  readonly place: Place;
  readonly measures: Measures;
}

/** The rows of `event` and `event_key`, and the statements that they are written with. */
export interface EventRows {
  /** Takes keys. @returns the sequences of those that were free */
  takeKeys(session: Session, keys: readonly KeyRow[]): Promise<ReadonlySet<number>>;
  find(session: Session, keys: readonly string[]): Promise<ReadonlyMap<string, FoundEvent>>;
  insert(session: Session, rows: readonly NewRow[]): Promise<void>;
  /** Takes waiting events out, whose keys stay. */
  remove(session: Session, found: readonly FoundEvent[]): Promise<void>;
  moveKeys(session: Session, keys: readonly KeyRow[]): Promise<void>;
}

export interface KeyRow {
  /** In hexadecimal. */
  readonly hash: string;
  readonly timeMs: number;
  readonly sequence: number;
}

const NUMBER_COLUMNS: ReadonlySet<string> = new Set([
  "sequence",
  "state",
  "due_ms",
  "time_ms",
  "received_ms",
  ...MEASURES,
]);

export function createEventRows(schema: string): EventRows {
  const named = EVENT_COLUMNS.map((column) => `"${column}"`);
  const typed = EVENT_COLUMNS.map(
    (column) => `"${column}" ${NUMBER_COLUMNS.has(column) ? "bigint" : "text"}`,
  );
  const read = named.map((name) => (name === '"key_hash"' ? "decode(key_hash, 'hex')" : name));
  const insert = `INSERT INTO ${schema}.event (${named.join(", ")})
    SELECT ${read.join(", ")} FROM json_to_recordset($1::json) AS r(${typed.join(", ")})`;
  const keys = "unnest($1::text[], $2::bigint[], $3::bigint[]) AS k(hash, time_ms, sequence)";

  return {
    async takeKeys({ query }, rows) {
      if (rows.length === 0) return new Set();
      const taken = await query(
        `INSERT INTO ${schema}.event_key (key_hash, time_ms, sequence)
          SELECT decode(hash, 'hex'), time_ms, sequence FROM ${keys}
          ON CONFLICT DO NOTHING RETURNING sequence`,
        columnsOf(rows),
      );
      return new Set(taken.map((row) => Number(row["sequence"])));
    },
    async find({ query }, hashes) {
      if (hashes.length === 0) return new Map();
      const found = await query(
        `SELECT encode(k.key_hash, 'hex') AS hash, k.sequence, k.time_ms, e.state, e.received_ms
          FROM ${schema}.event_key k
          LEFT JOIN ${schema}.event e ON e.sequence = k.sequence AND e.time_ms = k.time_ms
          WHERE k.key_hash = ANY (SELECT decode(hash, 'hex') FROM unnest($1::text[]) AS h(hash))`,
        [hashes],
      );
      return new Map(
        found.map((row) => [
          String(row["hash"]),
          {
            sequence: Number(row["sequence"]),
            timeMs: Number(row["time_ms"]),
            isWaiting: row["state"] === WAITING,
            receivedMs: Number(row["received_ms"]),
          },
        ]),
      );
    },
    async insert({ query }, rows) {
      if (rows.length === 0) return;
      const written = rows.map(({ incoming, place, measures }) => ({
        ...toEventRow(incoming, place, measures),
        key_hash: hexOf(incoming.keyHash),
      }));
      await query(insert, [JSON.stringify(written)]);
    },
    async remove({ query }, found) {
      if (found.length === 0) return;
      await query(
        `DELETE FROM ${schema}.event e USING unnest($1::bigint[], $2::bigint[]) AS f(sequence, time_ms)
          WHERE e.sequence = f.sequence AND e.time_ms = f.time_ms`,
        [found.map(({ sequence }) => sequence), found.map(({ timeMs }) => timeMs)],
      );
    },
    async moveKeys({ query }, rows) {
      if (rows.length === 0) return;
      await query(
        `UPDATE ${schema}.event_key e SET time_ms = k.time_ms FROM ${keys}
          WHERE e.key_hash = decode(k.hash, 'hex') AND e.sequence = k.sequence`,
        columnsOf(rows),
      );
    },
  };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function columnsOf(rows: readonly KeyRow[]): unknown[] {
  return [
    rows.map(({ hash }) => hash),
    rows.map(({ timeMs }) => timeMs),
    rows.map(({ sequence }) => sequence),
  ];
}
