import type { Clock } from "@tollgate/core";
import type { OpenLeaseState } from "../operations.ts";
import type { BudgetLease } from "../processor.ts";
import type { Booking, StoreAccess } from "./store-access.ts";

/** A lease not renewed for this long is taken for lost by its store. */
export const LEASE_TTL_MS = 60_000;
const RENEW_EVERY_MS = 15_000;

/** The leases of calls under way in this process, kept alive as long as the calls may be. */
export interface OpenLeases {
  add(id: string, booking: Booking): void;
  /** The lease that the caller of an open one got. */
  hand(lease: BudgetLease): void;
  leaseOf(id: string): BudgetLease | undefined;
  delete(id: string): void;
  /** Renews them when it is time to; called before the store is asked for anything. */
  keepAlive(): void;
  list(): OpenLeaseState[];
  close(): void;
}

interface Open {
  readonly booking: Booking;
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
    for (const [id, { startedMs, booking }] of open) {
      if (nowMs - startedMs > maxLeaseMs) open.delete(id);
      else alive.push(booking);
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
    add(id, booking) {
      const startedMs = clock.now();
      open.set(id, { booking, startedMs, lease: undefined });
      if (timer === undefined) start(startedMs);
    },
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
      [...open].map(([id, { booking, startedMs }]) => ({
        id,
        startedMs,
        holds: booking.holds.map(({ counter: { budget, unit, scope }, amount }) => {
          return { budget, unit, scope, amount };
        }),
      })),
    close: stop,
  };
}
