import type { BudgetUnit, Clock } from "@tollgate/core";
import type { Matched, MatchedCall } from "../engine/matcher.ts";
import {
  createCounterRecord,
  isForgettable,
  openSlot,
  stateOf,
  type CounterRecord,
} from "../memory/counter-record.ts";
import type { Counter } from "../store/store.ts";

/** What was used, in the units of budgets; nothing for a unit that is not there. */
export type Spend = Readonly<Partial<Record<BudgetUnit, number>>>;

/** Sums per counter, in the window of now. */
export interface SpendTally {
  add(call: MatchedCall, spend: Spend): void;
  spent(counter: Counter): number;
  /** Forgets counters that nobody uses any more. */
  sweep(): void;
}

/** @param match - finds the counters of a call. */
export function createSpendTally(match: (call: MatchedCall) => Matched, clock: Clock): SpendTally {
  const records = new Map<string, CounterRecord>();

  function addTo(counter: Counter, amount: number): void {
    let record = records.get(counter.key);
    if (record === undefined) {
      record = createCounterRecord(counter);
      records.set(counter.key, record);
    }
    const slot = openSlot(record, clock.now());
    slot.spent += amount;
    if (slot !== record.tally) record.tally.spent += amount;
  }

  return {
    add(call, spend) {
      for (const { counter } of match(call).counters) {
        const amount = spend[counter.unit] ?? 0;
        if (amount > 0) addTo(counter, amount);
      }
    },
    spent({ key }) {
      const record = records.get(key);
      return record === undefined ? 0 : stateOf(record, clock.now()).spent;
    },
    sweep() {
      for (const [key, record] of records) {
        if (isForgettable(record, clock.now())) records.delete(key);
      }
    },
  };
}
