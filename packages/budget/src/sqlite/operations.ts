import { check, limitOf, takenOf } from "../memory/check-hold.ts";
import type { Controls } from "../memory/controls.ts";
import { noteUse } from "../memory/counter-record.ts";
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
  TopUp,
} from "../store/store.ts";
import { placeOf, type BookedLease, type Books, type HeldRow } from "./books.ts";
import type { LeaseRows } from "./lease-rows.ts";

/** What an operation works on: one transaction. */
export interface Turn {
  readonly books: Books;
  readonly leases: LeaseRows;
  readonly controls: Controls;
  readonly nowMs: number;
}

/** Expired leases charged per transaction; the others wait for the next. */
const EXPIRED_AT_ONCE = 500;
/** Charges what expired leases held, and waits no longer for late ends of those charged a day ago. */
export function expireLeases({ books, leases, nowMs }: Turn): StoreNotice[] {
  const notices: StoreNotice[] = [];
  for (const lease of leases.expired(nowMs, EXPIRED_AT_ONCE)) {
    const booked = touched(books.bookedLease(lease, nowMs));
    if (lease.presumed) {
      forget(booked);
      leases.take(lease.id);
      continue;
    }
    presume(lease.id, booked, notices);
    leases.markPresumed(lease.id, nowMs + PRESUMED_KEPT_MS);
  }
  return notices;
}

export function reserve(
  request: ReserveRequest,
  turn: Turn,
  notices: readonly StoreNotice[],
): ReserveAnswer {
  const { leaseId, ttlMs, holds, dryRun } = request;
  const { books, controls, leases, nowMs } = turn;
  const open = leases.find(leaseId);
  if (open !== undefined) return { ...again(books.bookedLease(open, nowMs), holds, turn), notices };

  const held: HeldRow[] = [];
  const remaining: number[] = [];
  const refusals: HoldRefusal[] = [];
  for (const [index, { counter, amount }] of holds.entries()) {
    const opened = dryRun === true ? undefined : books.open(counter, nowMs);
    const record = opened?.row ?? books.peek(counter, nowMs);
    const ruling = controls.rulingOf(counter, nowMs);
    const refusal = check(index, request, record, ruling);
    if (refusal !== undefined) refusals.push(refusal);
    remaining.push(limitOf(counter, record.tally, ruling) - takenOf(record.tally) - amount);
    if (opened !== undefined)
      held.push({ record: opened.row, slot: opened.slot, amount, tally: record.tally });
  }
  if (refusals.length > 0) return { outcome: "refused", refusals, notices };
  if (dryRun === true) return { outcome: "granted", remaining, notices };

  hold(held);
  for (const { record } of held) record.changed = true;
  const places = held.map(({ record, slot, amount }) => placeOf(record, slot, amount));
  leases.insert(leaseId, places, nowMs + ttlMs);
  return { outcome: "granted", remaining, notices };
}

/** An answer to a lease that is open already, without its notices. */
type Repeated =
  | { readonly outcome: "granted"; readonly remaining: readonly number[] }
  | { readonly outcome: "conflict" };

function again(
  open: BookedLease,
  holds: ReserveRequest["holds"],
  { controls, nowMs }: Turn,
): Repeated {
  if (!holdsSame(open, holds)) return { outcome: "conflict" };
  const remaining = open.held.map(
    ({ record: { counter }, tally }) =>
      limitOf(counter, tally, controls.rulingOf(counter, nowMs)) - takenOf(tally),
  );
  return { outcome: "granted", remaining };
}

/** Gives more allowance to the window of now. */
export function topUp({ counter, amount }: TopUp, { books, nowMs }: Turn): void {
  const { row, slot } = books.open(counter, nowMs);
  slot.extra += amount;
  if (slot !== row.tally) row.tally.extra += amount;
  row.changed = true;
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
  const booked = touched(books.bookedLease(lease, nowMs));
  if (booked.presumed && booked.expiresAtMs <= nowMs) {
    forget(booked);
    return { notices };
  }
  for (const [index, held] of booked.held.entries()) {
    endHold(booked, held, used === undefined ? 0 : (used[index] ?? held.amount));
    noteUse(held.record.counter, held.tally, nowMs);
    collectCrossed(held, notices);
  }
  return { notices };
}

function touched(lease: BookedLease): BookedLease {
  for (const { record } of lease.held) record.changed = true;
  return lease;
}
