import type { Clock } from "@tollgate/core";
import type { OpenLeaseState } from "../operations.ts";
import type { BudgetCall, BudgetLease } from "../processor.ts";
import type { Booking, StoreAccess } from "./store-access.ts";

/** A lease not renewed for this long is taken for lost by its store. */
export const LEASE_TTL_MS = 60_000;
const RENEW_EVERY_MS = 15_000;

/** The leases of calls under way in this process, kept alive as long as the calls may be. */
export interface OpenLeases {
  add(call: BudgetCall, booking: Booking, maxOutputTokens: number | undefined): void;
  /** A further part of an open lease, for a stream whose hold grows. */
  addPart(id: string, booking: Booking): void;
  /** The lease that the caller of an open one got. */
  hand(lease: BudgetLease): void;
  leaseOf(id: string): BudgetLease | undefined;
  delete(id: string): void;
  /** Renews them when it is time to; called before the store is asked for anything. */
  keepAlive(): void;
  list(): OpenLeaseState[];
  all(): Iterable<Open>;
  close(): void;
}

/** A call under way. */
export interface Open {
  readonly call: BudgetCall;
  readonly maxOutputTokens: number | undefined;
  /** Its own booking, and what was added to it. */
  readonly bookings: Booking[];
  readonly startedMs: number;
  lease: BudgetLease | undefined;
}

/**
 * @param maxLeaseMs - a lease older than this is no longer renewed: its call was forgotten.
 */
export function createOpenLeases(store: StoreAccess, clock: Clock, maxLeaseMs: number): OpenLeases {
  const open = new Map<string, Open>();
  let renewAtMs = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setInterval> | undefined;

  function renew(): void {
    const nowMs = clock.now();
    const alive: Booking[] = [];
    for (const [id, { startedMs, bookings }] of open) {
      if (nowMs - startedMs > maxLeaseMs) open.delete(id);
      else alive.push(...bookings);
    }
    renewAtMs = nowMs + RENEW_EVERY_MS;
    if (alive.length > 0) store.renew(alive);
    else stop();
  }

  function start(nowMs: number): void {
    renewAtMs = nowMs + RENEW_EVERY_MS;
    timer = setInterval(renew, RENEW_EVERY_MS);
    // An open lease must not keep the process running. Timers are numbers in some runtimes.
    if (typeof timer === "object") timer.unref();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    add(call, booking, maxOutputTokens) {
      const startedMs = clock.now();
      open.set(call.id, {
        call,
        maxOutputTokens,
        bookings: [booking],
        startedMs,
        lease: undefined,
      });
      if (timer === undefined) start(startedMs);
    },
    addPart: (id, booking) => void open.get(id)?.bookings.push(booking),
    hand(lease) {
      const entry = open.get(lease.id);
      if (entry !== undefined) entry.lease = lease;
    },
    leaseOf: (id) => open.get(id)?.lease,
    delete: (id) => void open.delete(id),
    keepAlive() {
      if (timer !== undefined && clock.now() >= renewAtMs) renew();
    },
    list: () =>
      [...open].map(([id, { bookings, startedMs }]) => ({
        id,
        startedMs,
        holds: [...holdsOf(bookings).values()],
      })),
    all: () => open.values(),
    close: stop,
  };
}

type HeldAmount = OpenLeaseState["holds"][number];

/** The parts of a lease are one to whoever looks at it. */
function holdsOf(bookings: readonly Booking[]): ReadonlyMap<string, HeldAmount> {
  const holds = new Map<string, HeldAmount>();
  for (const booking of bookings) {
    for (const { counter, amount } of booking.holds) {
      const { key, budget, unit, scope } = counter;
      holds.set(key, { budget, unit, scope, amount: (holds.get(key)?.amount ?? 0) + amount });
    }
  }
  return holds;
}
