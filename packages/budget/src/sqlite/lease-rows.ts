import type { DatabaseSync } from "node:sqlite";
import { numberIn, textIn, type Row } from "@tollgate/sqlite";
import { parseNumberLists } from "./number-lists.ts";

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
  readonly expiresAtMs: number;
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
  /** Another process has written: what is known of the next expiry may be wrong. */
  invalidate(): void;
}

const COLUMNS = "id, expires_at_ms, presumed, held";

export function createLeaseRows(db: DatabaseSync): LeaseRows {
  const find = db.prepare(`SELECT ${COLUMNS} FROM lease WHERE id = ?`);
  const insert = db.prepare(
    "INSERT INTO lease (id, expires_at_ms, presumed, held) VALUES (?, ?, 0, ?)",
  );
  const take = db.prepare(`DELETE FROM lease WHERE id = ? RETURNING ${COLUMNS}`);
  const markPresumed = db.prepare("UPDATE lease SET presumed = 1, expires_at_ms = ? WHERE id = ?");
  const renew = db.prepare("UPDATE lease SET expires_at_ms = ? WHERE id = ? AND presumed = 0");
  const expired = db.prepare(
    `SELECT ${COLUMNS} FROM lease WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?`,
  );

  const first = db.prepare("SELECT expires_at_ms FROM lease ORDER BY expires_at_ms LIMIT 1");
  /** No lease expires before. */
  let nextExpiryMs = Number.NEGATIVE_INFINITY;

  return {
    find: (id) => toOptional(find.get(id)),
    insert(id, held, expiresAtMs) {
      nextExpiryMs = Math.min(nextExpiryMs, expiresAtMs);
      insert.run(id, expiresAtMs, writeHeld(held));
    },
    take: (id) => toOptional(take.get(id)),
    markPresumed(id, expiresAtMs) {
      nextExpiryMs = Math.min(nextExpiryMs, expiresAtMs);
      markPresumed.run(expiresAtMs, id);
    },
    renew(id, expiresAtMs) {
      nextExpiryMs = Math.min(nextExpiryMs, expiresAtMs);
      renew.run(expiresAtMs, id);
    },
    expired(nowMs, count) {
      if (nowMs < nextExpiryMs) return [];
      const rows = expired.all(nowMs, count).map(toLease);
      if (rows.length === 0) {
        const next = first.get();
        nextExpiryMs = next ? numberIn(next, "expires_at_ms") : Number.POSITIVE_INFINITY;
      }
      return rows;
    },
    invalidate() {
      nextExpiryMs = Number.NEGATIVE_INFINITY;
    },
  };
}

function toOptional(row: Row | undefined): LeaseRow | undefined {
  return row && toLease(row);
}

function toLease(row: Row): LeaseRow {
  return {
    id: textIn(row, "id"),
    presumed: numberIn(row, "presumed") === 1,
    expiresAtMs: numberIn(row, "expires_at_ms"),
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
