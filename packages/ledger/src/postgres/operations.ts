import type { LedgerEvent } from "../event.ts";
import type { ChargesFor, DocumentChange, Recorded } from "../ledger.ts";
import type { Incoming } from "../rows/booking.ts";
import { hexOf } from "./event-rows.ts";

/** What shall become of an event. */
export interface Entry {
  readonly incoming: Incoming;
  /** In hexadecimal. */
  readonly hash: string;
  readonly state: number;
  readonly dueMs: number | undefined;
  /** Whether it may have been held before. */
  readonly ends: boolean;
}

export type Outcome = "new" | "known" | "outdated";

/** One call: all of it happens or nothing. */
export interface Operation {
  readonly entries: readonly Entry[];
  readonly chargesFor: ChargesFor | undefined;
  /** Written with the entries, or nothing is. */
  readonly documents: readonly DocumentChange[];
  resolve(recorded: Recorded | "conflict"): void;
  reject(error: unknown): void;
}

export function toEntry(incoming: Incoming, state: number, more: Partial<Entry> = {}): Entry {
  const hash = hexOf(incoming.keyHash);
  return { incoming, hash, state, dueMs: undefined, ends: false, ...more };
}

/** Events of one transaction. */
const ENTRIES_AT_ONCE = 5_000;

/**
 * Takes as many operations as go into one transaction. One that ends the wait of an event which another one of the same
 * transaction writes comes in the next.
 */
export function takeOperations(queue: Operation[], most: number): Operation[] {
  const seen = new Set<string>();
  let entries = 0;
  let count = 0;
  for (const operation of queue) {
    const isApart = operation.entries.some(({ hash, ends }) => ends && seen.has(hash));
    // A document that was changed in between takes its whole transaction back.
    const isForItself = operation.documents.length > 0 || (queue[0]?.documents.length ?? 0) > 0;
    const isFull = entries + operation.entries.length > ENTRIES_AT_ONCE;
    if (count > 0 && (isApart || isForItself || isFull || count >= most)) break;
    for (const { hash } of operation.entries) seen.add(hash);
    entries += operation.entries.length;
    count++;
  }
  return queue.splice(0, count);
}

export function toRecorded(outcomes: readonly Outcome[]): Recorded {
  return {
    fresh: outcomes.map((outcome) => outcome === "new"),
    outdated: outcomes.filter((outcome) => outcome === "outdated").length,
  };
}

/** The events of an operation that count from now on. */
export function bookedOf(
  { entries }: Operation,
  outcomes: readonly Outcome[],
  state: number,
): LedgerEvent[] {
  return entries
    .filter((entry, index) => outcomes[index] === "new" && entry.state === state)
    .map(({ incoming }) => incoming.event);
}
