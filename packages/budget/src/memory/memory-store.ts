import { systemClock, type Clock } from "@tollgate/core";
import type {
  BudgetStore,
  Counter,
  Hold,
  HoldRefusal,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoreNotice,
  TopUp,
} from "../store/store.ts";
import { createControls } from "./controls.ts";
import { check, limitOf, takenOf, TOP_UP_KNOWN_MS } from "./check-hold.ts";
import {
  changeAlerts,
  copyRecord,
  createCounterRecord,
  isForgettable,
  noteUse,
  openSlot,
  stateOf,
  type CounterRecord,
} from "./counter-record.ts";
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

/** Counters looked at for each one that is added: more are forgotten than come. */
const LOOKS_PER_NEW = 2;
/** Also one in so many reservations that add none: no cache has what nobody uses, so that a look is slow. */
const RESERVATIONS_PER_LOOK = 8;
const MOST_LOOKS_AT_ONCE = 16;

/** An answer without its notices. */
type Outcome =
  | Omit<Extract<ReserveAnswer, { outcome: "granted" }>, "notices">
  | Omit<Extract<ReserveAnswer, { outcome: "refused" }>, "notices">
  | Omit<Extract<ReserveAnswer, { outcome: "conflict" }>, "notices">;

/**
 * Keeps budgets in this process's memory: exact among all calls of the process, unknown to other
 * processes, gone when it ends.
 *
 * Every operation is synchronous and so one atomic step. Counters that have been empty for an
 * hour are forgotten, a few with reservations, so that neither memory nor the time of a
 * call grows with budgets that nobody uses any more.
 */
export function createMemoryStore({ clock = systemClock }: MemoryStoreOptions = {}): BudgetStore {
  const records = new Map<string, CounterRecord>();
  const leases = new Map<string, MemoryLease>();
  const controls = createControls();
  /** When each was given, the oldest first. */
  const topUps = new Map<string, number>();
  /** No lease expires before; after it, all are looked at. */
  let nextExpiryMs = Number.POSITIVE_INFINITY;
  let sweep = records.values();
  let looksDue = 0;

  function recordOf(counter: Counter): CounterRecord {
    let record = records.get(counter.key);
    if (record === undefined) {
      record = createCounterRecord(counter);
      records.set(counter.key, record);
      looksDue += LOOKS_PER_NEW;
    }
    if (record.counter.alertAmounts !== counter.alertAmounts) changeAlerts(record, counter);
    record.counter = counter;
    return record;
  }

  function forgetIdle(nowMs: number): void {
    looksDue += 1 / RESERVATIONS_PER_LOOK;
    for (let looks = 0; looksDue >= 1 && looks < MOST_LOOKS_AT_ONCE; looks++) {
      looksDue--;
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
        presume(id, lease, notices);
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
    if (lease.presumed && lease.expiresAtMs <= nowMs) {
      forget(lease);
      return NOTHING_NEW;
    }
    const notices: StoreNotice[] = [];
    for (const [index, held] of lease.held.entries()) {
      endHold(lease, held, used === undefined ? 0 : (used[index] ?? held.amount));
      noteUse(held.record.counter, held.tally, nowMs);
      collectCrossed(held, notices);
    }
    return notices.length === 0 ? NOTHING_NEW : { notices };
  }

  function reserve(request: ReserveRequest): ReserveAnswer {
    const nowMs = clock.now();
    const notices = expireLeases(nowMs);
    if (request.dryRun === true) return { ...dryRun(request, nowMs), notices };
    forgetIdle(nowMs);
    const { leaseId, ttlMs, holds } = request;
    const open = leases.get(leaseId);
    if (open !== undefined) return { ...again(open, holds, nowMs), notices };

    const held: HeldSlot[] = [];
    const remaining: number[] = [];
    let refusals: HoldRefusal[] | undefined;
    for (let index = 0; index < holds.length; index++) {
      const asked = holds[index];
      if (asked === undefined) continue;
      const { counter, amount } = asked;
      const record = recordOf(counter);
      const slot = openSlot(record, nowMs);
      const ruling = controls.rulingOf(counter, nowMs);
      const refusal = check(index, request, record, ruling);
      if (refusal !== undefined) (refusals ??= []).push(refusal);
      held.push({ record, amount, slot, tally: record.tally });
      remaining.push(limitOf(counter, record.tally, ruling) - takenOf(record.tally) - amount);
    }
    if (refusals !== undefined) return { outcome: "refused", refusals, notices };

    hold(held);
    const expiresAtMs = nowMs + ttlMs;
    leases.set(leaseId, { held, presumed: false, expiresAtMs });
    if (expiresAtMs < nextExpiryMs) nextExpiryMs = expiresAtMs;
    return { outcome: "granted", remaining, notices };
  }

  function again(open: MemoryLease, holds: readonly Hold[], nowMs: number): Outcome {
    if (!holdsSame(open, holds)) return { outcome: "conflict" };
    const remaining = open.held.map(
      ({ record: { counter }, tally }) =>
        limitOf(counter, tally, controls.rulingOf(counter, nowMs)) - takenOf(tally),
    );
    return { outcome: "granted", remaining };
  }

  /** Works on copies: not even a window may be opened. */
  function dryRun(request: ReserveRequest, nowMs: number): Outcome {
    const { leaseId, holds } = request;
    const open = leases.get(leaseId);
    if (open !== undefined) return again(open, holds, nowMs);
    const remaining: number[] = [];
    const refusals: HoldRefusal[] = [];
    for (const [index, { counter, amount }] of holds.entries()) {
      const record = copyRecord(records.get(counter.key) ?? createCounterRecord(counter), counter);
      openSlot(record, nowMs);
      const ruling = controls.rulingOf(counter, nowMs);
      const refusal = check(index, request, record, ruling);
      if (refusal !== undefined) refusals.push(refusal);
      remaining.push(limitOf(counter, record.tally, ruling) - takenOf(record.tally) - amount);
    }
    return refusals.length > 0
      ? { outcome: "refused", refusals }
      : { outcome: "granted", remaining };
  }

  function topUp({ id, counter, amount }: TopUp): void {
    const nowMs = clock.now();
    for (const [oldest, givenAtMs] of topUps) {
      if (nowMs - givenAtMs < TOP_UP_KNOWN_MS) break;
      topUps.delete(oldest);
    }
    if (topUps.has(id)) return;
    topUps.set(id, nowMs);
    const record = recordOf(counter);
    const slot = openSlot(record, nowMs);
    slot.extra += amount;
    if (slot !== record.tally) record.tally.extra += amount;
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
    control: (key, control) => controls.put(key, control),
    topUp,
    states() {
      const nowMs = clock.now();
      const notices = expireLeases(nowMs);
      const states = [];
      for (const record of records.values()) {
        if (isForgettable(record, nowMs)) records.delete(record.counter.key);
        else states.push(stateOf(record, nowMs));
      }
      return { states, controls: controls.inForce(nowMs), notices };
    },
    close() {
      records.clear();
      leases.clear();
    },
  };
}
