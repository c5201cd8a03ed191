import type { Counter } from "../store/store.ts";
import type { LedgerFaultKind } from "./faults.ts";
import {
  createReplayedCounter,
  type ReplayedCounter,
  type ReplayedSlot,
} from "./replayed-counter.ts";

export interface ReplayedHold {
  readonly replayed: ReplayedCounter;
  readonly slot: ReplayedSlot;
  readonly amount: number;
}

export interface ReplayedLease {
  readonly holds: ReadonlyMap<string, ReplayedHold>;
  state: "open" | "presumed" | "settled" | "released";
  presumedAtMs: number;
  /** The counters of which the journal says so. */
  readonly presumed: Set<string>;
  /** Overruns that are still to be recorded, by counter. */
  readonly overruns: Map<string, number>;
}

interface ReplayedControl {
  readonly frozen: boolean;
  readonly limit: number | undefined;
  readonly untilMs: number | undefined;
}

/** All that the events so far come to. */
export interface ReplayState {
  readonly leases: Map<string, ReplayedLease>;
  readonly controls: Map<string, ReplayedControl>;
  /** When each was given. */
  readonly topUps: Map<string, number>;
  /** Leases of which the store's answer is not known. */
  readonly lost: Set<string>;
  /** Sums and times are the store's own: the journal is complete and one process wrote it. */
  readonly complete: boolean;
  counterOf(counter: Counter, standIn: boolean): ReplayedCounter;
  fault(kind: LedgerFaultKind, message: string, lease?: string, counter?: string): void;
}

export function createReplayState(complete: boolean, fault: ReplayState["fault"]): ReplayState {
  const counters = new Map<string, ReplayedCounter>();
  return {
    leases: new Map(),
    controls: new Map(),
    topUps: new Map(),
    lost: new Set(),
    complete,
    counterOf(counter, standIn) {
      const key = `${standIn ? "stand-in" : "store"} ${counter.key}`;
      let replayed = counters.get(key);
      if (replayed === undefined) {
        replayed = createReplayedCounter(counter);
        counters.set(key, replayed);
      }
      replayed.counter = counter;
      return replayed;
    },
    fault,
  };
}

export interface RulingInForce {
  readonly frozen: boolean;
  /** Without top-ups. */
  readonly limit: number;
}

export function rulingAt({ controls }: ReplayState, counter: Counter, atMs: number): RulingInForce {
  let frozen = false;
  let { limit } = counter;
  for (const key of counter.controls) {
    const control = controls.get(key);
    if (control === undefined || (control.untilMs ?? Number.POSITIVE_INFINITY) <= atMs) continue;
    frozen ||= control.frozen;
    limit = control.limit ?? limit;
  }
  return { frozen, limit };
}
