import type { DatabaseSync } from "node:sqlite";
import { numberIn, parseNumberLists, textIn, type Row } from "./read-row.ts";

/** Where a hold was written. */
export interface HeldAt {
  readonly windowId: number;
  readonly amount: number;
  /** Of rolling windows. */
  readonly bucket: number | undefined;
  /** The row's when it was written. */
  readonly generation: number;
}

export interface LeaseRow {
  readonly id: string;
  readonly presumed: boolean;
  readonly held: readonly HeldAt[];
}

/** The rows of `lease`, and the statements that they are read and written with. */
export interface LeaseRows {
  find(id: string): LeaseRow | undefined;
  insert(id: string, held: readonly HeldAt[], expiresAtMs: number): void;
  /** Takes it out. */
  take(id: string): LeaseRow | undefined;
  markPresumed(id: string, expiresAtMs: number): void;
  renew(id: string, expiresAtMs: number): void;
  /** Those that expire first. */
  expired(nowMs: number, count: number): LeaseRow[];
}

export function createLeaseRows(db: DatabaseSync): LeaseRows {
  const find = db.prepare("SELECT id, presumed, held FROM lease WHERE id = ?");
  const insert = db.prepare(
    "INSERT INTO lease (id, expires_at_ms, presumed, held) VALUES (?, ?, 0, ?)",
  );
  const take = db.prepare("DELETE FROM lease WHERE id = ? RETURNING id, presumed, held");
  const markPresumed = db.prepare("UPDATE lease SET presumed = 1, expires_at_ms = ? WHERE id = ?");
  const renew = db.prepare("UPDATE lease SET expires_at_ms = ? WHERE id = ? AND presumed = 0");
  const expired = db.prepare(
    "SELECT id, presumed, held FROM lease WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?",
  );

  return {
    find: (id) => toOptional(find.get(id)),
    insert: (id, held, expiresAtMs) => void insert.run(id, expiresAtMs, writeHeld(held)),
    take: (id) => toOptional(take.get(id)),
    markPresumed: (id, expiresAtMs) => void markPresumed.run(expiresAtMs, id),
    renew: (id, expiresAtMs) => void renew.run(expiresAtMs, id),
    expired: (nowMs, count) => expired.all(nowMs, count).map(toLease),
  };
}

function toOptional(row: Row | undefined): LeaseRow | undefined {
  return row && toLease(row);
}

function toLease(row: Row): LeaseRow {
  return {
    id: textIn(row, "id"),
    presumed: numberIn(row, "presumed") === 1,
    held: parseNumberLists(textIn(row, "held")).map(
      ([windowId = 0, amount = 0, bucket, generation = 0]) => ({
        windowId,
        amount,
        bucket,
        generation,
      }),
    ),
  };
}

function writeHeld(held: readonly HeldAt[]): string {
  return JSON.stringify(
    held.map(({ windowId, amount, bucket, generation }) =>
      bucket === undefined ? [windowId, amount] : [windowId, amount, bucket, generation],
    ),
  );
}
