import { excessOf, remainingOf } from "../memory/fit.ts";
import { noteUse, resetsAtMs } from "../memory/counter-record.ts";
import {
  collectCrossed,
  endHold,
  forget,
  hold,
  holdsSame,
  presume,
  PRESUMED_KEPT_MS,
} from "../memory/leases.ts";
import type {
  HoldRefusal,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoreNotice,
} from "../store/store.ts";
import { placeOf, type BookedLease, type Books, type HeldRow } from "./books.ts";
import type { LeaseRows } from "./lease-rows.ts";

/** What an operation works on: one transaction. */
export interface Turn {
  readonly books: Books;
  readonly leases: LeaseRows;
  readonly nowMs: number;
}

/** Expired leases charged per transaction; the others wait for the next. */
const EXPIRED_AT_ONCE = 500;
/** Charges what expired leases held, and waits no longer for late ends of those charged a day ago. */
export function expireLeases({ books, leases, nowMs }: Turn): StoreNotice[] {
  const notices: StoreNotice[] = [];
  for (const lease of leases.expired(nowMs, EXPIRED_AT_ONCE)) {
    const booked = touched(books.bookedLease(lease));
    if (lease.presumed) {
      forget(booked);
      leases.take(lease.id);
      continue;
    }
    presume(booked, notices);
    leases.markPresumed(lease.id, nowMs + PRESUMED_KEPT_MS);
  }
  return notices;
}

export function reserve(
  { leaseId, ttlMs, holds }: ReserveRequest,
  { books, leases, nowMs }: Turn,
  notices: readonly StoreNotice[],
): ReserveAnswer {
  const open = leases.find(leaseId);
  if (open !== undefined) return replay(books.bookedLease(open), holds, notices);

  const held: HeldRow[] = [];
  const refusals: HoldRefusal[] = [];
  for (const [index, asked] of holds.entries()) {
    const { counter, amount } = asked;
    const { row, slot } = books.open(counter, nowMs);
    const excess = excessOf(asked, row);
    if (excess > 0) {
      refusals.push({ index, remaining: remainingOf(row), resetsAtMs: resetsAtMs(row, excess) });
    }
    held.push({ counter, amount, slot, row, tally: row.tally });
  }
  if (refusals.length > 0) return { outcome: "refused", refusals, notices };

  hold(held);
  for (const { row } of held) row.changed = true;
  const places = held.map(({ row, slot, amount }) => placeOf(row, slot, amount));
  leases.insert(leaseId, places, nowMs + ttlMs);
  return { outcome: "granted", remaining: held.map(remainingOf), notices };
}

function replay(
  open: BookedLease,
  holds: ReserveRequest["holds"],
  notices: readonly StoreNotice[],
): ReserveAnswer {
  if (!holdsSame(open, holds)) return { outcome: "conflict", notices };
  return { outcome: "granted", remaining: open.held.map(remainingOf), notices };
}

/** @param used - `undefined` releases. */
export function end(
  leaseId: string,
  used: readonly number[] | undefined,
  { books, leases, nowMs }: Turn,
): StoreAnswer {
  const notices: StoreNotice[] = [];
  const lease = leases.take(leaseId);
  if (lease === undefined) return { notices };
  const booked = touched(books.bookedLease(lease));
  for (const [index, held] of booked.held.entries()) {
    endHold(booked, held, used === undefined ? 0 : (used[index] ?? held.amount));
    noteUse(held.counter, held.tally, nowMs);
    collectCrossed(held, notices);
  }
  return { notices };
}

function touched(lease: BookedLease): BookedLease {
  for (const { row } of lease.held) row.changed = true;
  return lease;
}
