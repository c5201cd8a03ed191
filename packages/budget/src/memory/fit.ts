import type { Hold } from "../store/store.ts";
import type { CounterRecord } from "./counter-record.ts";
import type { HeldSlot } from "./leases.ts";

export function remainingOf({ counter, tally }: Pick<HeldSlot, "counter" | "tally">): number {
  return counter.limit - tally.spent - tally.reserved;
}

/** By how much a hold is too large; it passes at 0 and below. */
export function excessOf({ amount, check }: Hold, { counter, tally }: CounterRecord): number {
  switch (check) {
    case "fit":
      return tally.spent + tally.reserved + amount - counter.limit;
    case "unspent":
      return tally.spent - counter.limit + 1;
    default:
      return 0;
  }
}
