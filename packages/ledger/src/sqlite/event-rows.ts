import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { numberIn } from "@tollgate/sqlite";
import { sql, type Kysely } from "kysely";
import type { Incoming } from "../rows/booking.ts";
import { EVENT_COLUMNS, toEventRow } from "../rows/event-row.ts";
import type { Measures } from "../rollup/measures.ts";
import { WAITING, type EventRow, type Tables } from "../schema/tables.ts";

/** An event that is there. */
export interface FoundEvent {
  readonly sequence: number;
  readonly isWaiting: boolean;
  readonly receivedMs: number;
}

/** The rows of `event`, and the statements that they are written with. */
export interface EventRows {
  /** Another process has written, or what was written was taken back. */
  invalidate(): void;
  /** Of events before it nobody knows any more whether they were there. */
  deletedBeforeMs(): number;
  /** @returns its sequence; `undefined` when its key is there */
  insert(
    event: Incoming,
    state: number,
    dueMs: number | undefined,
    sums: Measures,
  ): number | undefined;
  /** Ends the wait of an event that is written as it is. @returns false when it does not wait there */
  endWait(sequence: number, keyHash: Uint8Array, state: number): boolean;
  find(keyHash: Uint8Array): FoundEvent | undefined;
  /** Ends the wait of an event and writes it anew. */
  replace(found: FoundEvent, event: Incoming, state: number, sums: Measures): void;
  /** Some of the events before a time, those that wait left out. @returns how many */
  deleteSome(beforeMs: number, limit: number): number;
}

export function createEventRows(db: DatabaseSync, build: Kysely<Tables>): EventRows {
  const insert = db.prepare(insertText(build));
  const find = db.prepare("SELECT sequence, state, received_ms FROM event WHERE key_hash = ?");
  const endWait = db.prepare(
    `UPDATE event SET state = ?, due_ms = NULL WHERE sequence = ? AND key_hash = ? AND state = ${WAITING}`,
  );
  const remove = db.prepare("DELETE FROM event WHERE sequence = ?");
  const removeSome = db.prepare(
    `DELETE FROM event WHERE sequence IN
      (SELECT sequence FROM event WHERE time_ms < ? AND state <> ${WAITING} ORDER BY time_ms LIMIT ?)`,
  );
  const state = db.prepare(
    `SELECT max(last_sequence, (SELECT ifnull(max(sequence), 0) FROM event)) AS sequence, deleted_before_ms
      FROM ledger_state`,
  );
  const keepState = db.prepare(
    "UPDATE ledger_state SET last_sequence = ?, deleted_before_ms = max(deleted_before_ms, ?)",
  );
  let known: { sequence: number; deletedBeforeMs: number } | undefined;

  function current(): { sequence: number; deletedBeforeMs: number } {
    if (known !== undefined) return known;
    const row = state.get() ?? {};
    known = {
      sequence: numberIn(row, "sequence"),
      deletedBeforeMs: numberIn(row, "deleted_before_ms"),
    };
    return known;
  }

  return {
    invalidate() {
      known = undefined;
    },
    deletedBeforeMs: () => current().deletedBeforeMs,
    insert(event, eventState, dueMs, sums) {
      const now = current();
      const { keyHash, receivedMs } = event;
      const place = { sequence: now.sequence + 1, keyHash, state: eventState, dueMs, receivedMs };
      const isNew = insert.run(...parametersOf(toEventRow(event, place, sums))).changes === 1;
      return isNew ? ++now.sequence : undefined;
    },
    endWait: (sequence, keyHash, eventState) =>
      endWait.run(eventState, sequence, keyHash).changes === 1,
    find(keyHash) {
      const row = find.get(keyHash);
      return (
        row && {
          sequence: numberIn(row, "sequence"),
          isWaiting: numberIn(row, "state") === WAITING,
          receivedMs: numberIn(row, "received_ms"),
        }
      );
    },
    replace({ sequence, receivedMs }, event, eventState, sums) {
      remove.run(sequence);
      const { keyHash } = event;
      const place = { sequence, keyHash, state: eventState, dueMs: undefined, receivedMs };
      insert.run(...parametersOf(toEventRow(event, place, sums)));
    },
    deleteSome(beforeMs, limit) {
      const now = current();
      now.deletedBeforeMs = Math.max(now.deletedBeforeMs, beforeMs);
      // The sequence of a deleted event is never given again.
      keepState.run(now.sequence, beforeMs);
      return Number(removeSome.run(beforeMs, limit).changes);
    },
  };
}

/** Compiled once and used for every event. */
function insertText(build: Kysely<Tables>): string {
  return build
    .insertInto("event")
    .columns(EVENT_COLUMNS)
    .expression(sql`values (${sql.join(EVENT_COLUMNS.map(() => 0))})`)
    .onConflict((known) => known.column("key_hash").doNothing())
    .compile().sql;
}

function parametersOf(row: EventRow): SQLInputValue[] {
  return EVENT_COLUMNS.map((column) => row[column]);
}
