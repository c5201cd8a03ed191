import type { Clock } from "@tollgate/core";
import type {
  BudgetStore,
  Counter,
  CounterState,
  Hold,
  HoldCheck,
  MaybePromise,
  ReserveAnswer,
  StoreAnswer,
  StoreNotice,
} from "../store/store.ts";
import type { Window } from "../window/window.ts";

/**
 * Opens an empty store that takes its time from the given clock alone; where the time is a server's,
 * the driver has an option for it.
 */
export type OpenStore = (options: { readonly clock: Clock }) => MaybePromise<BudgetStore>;

/** A clock that is set by hand; nothing in a store may wait on it. */
export interface HandClock extends Clock {
  set(nowMs: number): void;
  advance(deltaMs: number): void;
}

export const TTL_MS = 60_000;

export function createHandClock(startMs: number): HandClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    monotonic: () => nowMs - startMs,
    sleep: () => Promise.reject(new Error("a store does not sleep on the contract's clock")),
    set(timeMs) {
      nowMs = timeMs;
    },
    advance(deltaMs) {
      nowMs += deltaMs;
    },
  };
}

const DAY_UTC: Window = { kind: "calendar", period: "day", timezone: "UTC" };

/** A counter with the limit 100, a UTC day, no alerts and two control keys, unless told otherwise. */
export function counter(options: Partial<Counter> = {}): Counter {
  const { budget = "contract", unit = "usd", scope = {} } = options;
  const key = [budget, unit, ...Object.values(scope)].join("|");
  return {
    key,
    budget,
    unit,
    scope,
    limit: 100,
    window: DAY_UTC,
    alertAmounts: [],
    controls: [`all/${budget}`, `one/${key}`],
    ...options,
  };
}

export function hold(of: Counter, amount: number, check: HoldCheck = "fit"): Hold {
  return { counter: of, amount, check };
}

/** A store, its clock and short words for what the contract does with them. */
export interface StoreFixture {
  readonly store: BudgetStore;
  readonly clock: HandClock;
  reserve(leaseId: string, ...holds: Hold[]): Promise<ReserveAnswer>;
  settle(leaseId: string, ...amounts: number[]): Promise<StoreAnswer>;
  /** Reserves and settles in one go. */
  spend(of: Counter, amount: number): Promise<readonly StoreNotice[]>;
  state(of: Counter): Promise<{ readonly spent: number; readonly reserved: number }>;
  fullState(of: Counter): Promise<CounterState | undefined>;
}

export async function openFixture(open: OpenStore, startMs: number): Promise<StoreFixture> {
  const clock = createHandClock(startMs);
  const store = await open({ clock });
  let spends = 0;

  async function reserve(leaseId: string, ...holds: Hold[]): Promise<ReserveAnswer> {
    return store.reserve({ leaseId, ttlMs: TTL_MS, holds });
  }
  async function fullState(of: Counter): Promise<CounterState | undefined> {
    const { states } = await store.states();
    return states.find((state) => state.counter.key === of.key);
  }

  return {
    store,
    clock,
    reserve,
    settle: async (leaseId, ...amounts) => store.settle(leaseId, amounts),
    async spend(of, amount) {
      const leaseId = `spend-${++spends}`;
      const reserved = await reserve(leaseId, hold(of, 0, "never"));
      const settled = await store.settle(leaseId, [amount]);
      return [...reserved.notices, ...settled.notices];
    },
    async state(of) {
      const state = await fullState(of);
      return { spent: state?.spent ?? 0, reserved: state?.reserved ?? 0 };
    },
    fullState,
  };
}
