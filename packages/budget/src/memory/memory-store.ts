import { systemClock, type Clock } from "@tollgate/core";
import type {
  BudgetStore,
  Counter,
  HoldRefusal,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoreNotice,
} from "../store/store.ts";
import {
  createCounterRecord,
  isForgettable,
  noteUse,
  openSlot,
  resetsAtMs,
  stateOf,
  type CounterRecord,
} from "./counter-record.ts";
import { excessOf, remainingOf } from "./fit.ts";
import {
  collectCrossed,
  endHold,
  forget,
  hold,
  holdsSame,
  presume,
  PRESUMED_KEPT_MS,
  type HeldSlot,
  type MemoryLease,
} from "./leases.ts";

export interface MemoryStoreOptions {
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
}

const NOTHING_NEW: StoreAnswer = { notices: [] };
const NO_NOTICES: readonly StoreNotice[] = [];

/** Idle counters looked at per reservation: more than the one that it may add. */
const SWEEP_STEPS = 2;

/**
 * Keeps budgets in this process's memory: exact among all calls of the process, unknown to other
 * processes, gone when it ends.
 *
 * Every operation is synchronous and so one atomic step. Counters that have been empty for an
 * hour are forgotten, a few with every reservation, so that neither memory nor the time of a
 * call grows with budgets that nobody uses any more.
 */
export function createMemoryStore({ clock = systemClock }: MemoryStoreOptions = {}): BudgetStore {
  const records = new Map<string, CounterRecord>();
  const leases = new Map<string, MemoryLease>();
  /** No lease expires before; after it, all are looked at. */
  let nextExpiryMs = Number.POSITIVE_INFINITY;
  let sweep = records.values();

  function recordOf(counter: Counter): CounterRecord {
    let record = records.get(counter.key);
    if (record === undefined) {
      record = createCounterRecord(counter);
      records.set(counter.key, record);
    }
    record.counter = counter;
    return record;
  }

  function forgetIdle(nowMs: number): void {
    for (let step = 0; step < SWEEP_STEPS; step++) {
      const { value, done } = sweep.next();
      if (done) {
        sweep = records.values();
        return;
      }
      if (isForgettable(value, nowMs)) records.delete(value.counter.key);
    }
  }

  function expireLeases(nowMs: number): readonly StoreNotice[] {
    if (nowMs < nextExpiryMs) return NO_NOTICES;
    const notices: StoreNotice[] = [];
    nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [id, lease] of leases) {
      if (lease.expiresAtMs <= nowMs) {
        if (lease.presumed) {
          forget(lease);
          leases.delete(id);
          continue;
        }
        presume(lease, notices);
        lease.expiresAtMs = nowMs + PRESUMED_KEPT_MS;
      }
      nextExpiryMs = Math.min(nextExpiryMs, lease.expiresAtMs);
    }
    return notices;
  }

  function end(leaseId: string, used: readonly number[] | undefined): StoreAnswer {
    const lease = leases.get(leaseId);
    if (lease === undefined) return NOTHING_NEW;
    leases.delete(leaseId);
    const nowMs = clock.now();
    const notices: StoreNotice[] = [];
    for (const [index, held] of lease.held.entries()) {
      endHold(lease, held, used === undefined ? 0 : (used[index] ?? held.amount));
      noteUse(held.counter, held.tally, nowMs);
      collectCrossed(held, notices);
    }
    return notices.length === 0 ? NOTHING_NEW : { notices };
  }

  function reserve({ leaseId, ttlMs, holds }: ReserveRequest): ReserveAnswer {
    const nowMs = clock.now();
    const notices = expireLeases(nowMs);
    forgetIdle(nowMs);
    const open = leases.get(leaseId);
    if (open !== undefined) {
      if (!holdsSame(open, holds)) return { outcome: "conflict", notices };
      return { outcome: "granted", remaining: open.held.map(remainingOf), notices };
    }

    const held: HeldSlot[] = [];
    let refusals: HoldRefusal[] | undefined;
    for (let index = 0; index < holds.length; index++) {
      const asked = holds[index];
      if (asked === undefined) continue;
      const { counter, amount } = asked;
      const record = recordOf(counter);
      const slot = openSlot(record, nowMs);
      const excess = excessOf(asked, record);
      if (excess > 0) {
        (refusals ??= []).push({
          index,
          remaining: remainingOf({ counter, tally: record.tally }),
          resetsAtMs: resetsAtMs(record, excess),
        });
      }
      held.push({ counter, amount, slot, tally: record.tally });
    }
    if (refusals !== undefined) return { outcome: "refused", refusals, notices };

    hold(held);
    const expiresAtMs = nowMs + ttlMs;
    leases.set(leaseId, { held, presumed: false, expiresAtMs });
    if (expiresAtMs < nextExpiryMs) nextExpiryMs = expiresAtMs;
    return { outcome: "granted", remaining: held.map(remainingOf), notices };
  }

  return {
    scope: "process",
    reserve,
    settle: (leaseId, amounts) => end(leaseId, amounts),
    release: (leaseId) => end(leaseId, undefined),
    renew(leaseIds, ttlMs) {
      const expiresAtMs = clock.now() + ttlMs;
      for (const id of leaseIds) {
        const lease = leases.get(id);
        if (lease && !lease.presumed) lease.expiresAtMs = expiresAtMs;
      }
    },
    states() {
      const nowMs = clock.now();
      const notices = expireLeases(nowMs);
      const states = [];
      for (const record of records.values()) {
        if (isForgettable(record, nowMs)) records.delete(record.counter.key);
        else states.push(stateOf(record, nowMs));
      }
      return { states, notices };
    },
    close() {
      records.clear();
      leases.clear();
    },
  };
}
