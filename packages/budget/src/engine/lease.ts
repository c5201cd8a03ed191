import type { Amounts, BudgetLease } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise, StoreAnswer } from "../store/store.ts";
import { amountIn } from "./amounts.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import type { LearnedUse } from "./learned-use.ts";
import type { OpenLeases } from "./open-leases.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import type { Booking, Grant, StoreAccess } from "./store-access.ts";

export interface LeaseDeskOptions {
  readonly store: StoreAccess;
  readonly open: OpenLeases;
  readonly learned: LearnedUse;
  readonly counts: DecisionCounts;
  readonly onNews: (answer: StoreAnswer) => void;
  /** Hears after the store has given these holds back. */
  readonly onFreed: (holds: readonly PlannedHold[]) => void;
}

/** Makes the leases that callers get, and ends them. */
export interface LeaseDesk {
  issue(plan: Plan, grant: Grant, throttledMs: number): BudgetLease;
  /** Takes back what a caller never got. */
  abandon(plan: Plan, booking: Booking): MaybePromise<void>;
}

export function createLeaseDesk(options: LeaseDeskOptions): LeaseDesk {
  const { store, open, learned, counts, onNews, onFreed } = options;

  function end(
    { call }: Plan,
    booking: Booking,
    amounts: readonly number[] | undefined,
  ): MaybePromise<void> {
    open.delete(call.id);
    return chain(store.end(booking, amounts), (answer) => {
      onNews(answer);
      onFreed(booking.holds);
    });
  }

  /** What each counter is charged. Unknown is not nothing: it is charged as held. */
  function charge(holds: readonly PlannedHold[], used: Amounts): number[] {
    const amounts: number[] = [];
    for (const { counter, amount, policy } of holds) {
      const charged = amountIn(counter.unit, used) ?? amount;
      amounts.push(charged);
      if (charged > amount && counter.unit === "usd" && policy.guarantee !== "advisory") {
        counts.of(policy.id).overrunNanoUsd += charged - amount;
      }
    }
    return amounts;
  }

  return {
    issue(plan, { booking, maxOutputTokens }, throttledMs) {
      let ended = false;
      const lease: BudgetLease = {
        id: plan.call.id,
        throttledMs,
        maxOutputTokens,
        settle(used) {
          if (ended) return undefined;
          ended = true;
          learned.observe(plan.matched.kind, used);
          return end(plan, booking, charge(booking.holds, used));
        },
        release() {
          if (ended) return undefined;
          ended = true;
          return end(plan, booking, undefined);
        },
      };
      open.hand(lease);
      return lease;
    },
    abandon: (plan, booking) => end(plan, booking, undefined),
  };
}

/** The lease of a call that no budget is for. */
export function freeLease(id: string): BudgetLease {
  return { id, throttledMs: 0, settle: doNothing, release: doNothing };
}

function doNothing(): void {}
