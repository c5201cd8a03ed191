import type { BudgetUnit } from "@tollgate/core";
import { amountIn } from "./amounts.ts";
import type { Amounts, BudgetLease, LeaseGrowth } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise } from "../store/store.ts";
import { createGrowth, type GrowthOptions } from "./growth.ts";
import type { LearnedUse } from "./learned-use.ts";
import type { OpenLeases } from "./open-leases.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import { shareOut } from "./share-out.ts";
import type { Booking, Grant } from "./store-access.ts";

export interface LeaseDeskOptions extends GrowthOptions {
  readonly open: OpenLeases;
  readonly learned: LearnedUse;
  /** Hears after the store has given these holds back. */
  readonly onFreed: (holds: readonly PlannedHold[]) => void;
}

/** Makes the leases that callers get, and ends them. */
export interface LeaseDesk {
  issue(plan: Plan, grant: Grant, throttledMs: number): BudgetLease;
  /** Takes back what a caller never got. */
  abandon(plan: Plan, booking: Booking): MaybePromise<void>;
  /** Ends a lease that this process may know nothing of. */
  endElsewhere(
    id: string,
    units: readonly BudgetUnit[],
    used: Amounts | undefined,
  ): MaybePromise<void>;
}

export function createLeaseDesk(options: LeaseDeskOptions): LeaseDesk {
  const { store, open, learned, counts, onNews, onFreed } = options;

  function endOne(booking: Booking, amounts: readonly number[] | undefined): MaybePromise<void> {
    return chain(store.end(booking, amounts), (answer) => {
      onNews(answer);
      onFreed(booking.holds);
    });
  }

  function end(
    { call }: Plan,
    parts: readonly Booking[],
    amounts: readonly (readonly number[])[] | undefined,
  ): MaybePromise<void> {
    open.delete(call.id);
    const [own] = parts;
    if (own !== undefined && parts.length === 1) return endOne(own, amounts?.[0]);
    const pending = parts
      .map((part, index) => endOne(part, amounts?.[index]))
      .filter((ending) => ending instanceof Promise);
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
  }

  /** What each counter is charged, part by part. */
  function charge(parts: readonly Booking[], used: Amounts): readonly number[][] {
    const amounts = shareOut(parts, used);
    for (const [index, { holds }] of parts.entries()) {
      for (const [at, { counter, amount, policy }] of holds.entries()) {
        const charged = amounts[index]?.[at] ?? amount;
        if (charged > amount && counter.unit === "usd" && policy.guarantee !== "advisory") {
          counts.of(policy.id).overrunNanoUsd += charged - amount;
        }
      }
    }
    return amounts;
  }

  return {
    issue(plan, { booking, maxOutputTokens }, throttledMs) {
      let ended = false;
      const parts = [booking];
      let growth: LeaseGrowth | undefined;
      const take = (part: Booking): boolean => {
        if (ended) return false;
        parts.push(part);
        open.addPart(plan.call.id, part);
        return true;
      };
      const lease: BudgetLease = {
        id: plan.call.id,
        throttledMs,
        units: booking.holds.map(({ counter }) => counter.unit),
        maxOutputTokens,
        growth: () => (growth ??= createGrowth(options, { plan, booking, take })),
        settle(used) {
          if (ended) return undefined;
          ended = true;
          learned.observe(plan.matched.kind, used);
          return end(plan, parts, charge(parts, used));
        },
        release() {
          if (ended) return undefined;
          ended = true;
          return end(plan, parts, undefined);
        },
      };
      open.hand(lease);
      return lease;
    },
    abandon: (plan, booking) => end(plan, [booking], undefined),
    endElsewhere(id, units, used) {
      const known = open.leaseOf(id);
      if (known !== undefined) return used === undefined ? known.release() : known.settle(used);
      if (used === undefined) return chain(store.endUnknown(id, undefined), onNews);
      const amounts = units.flatMap((unit) => amountIn(unit, used) ?? []);
      if (amounts.length < units.length) return undefined;
      return chain(store.endUnknown(id, amounts), onNews);
    },
  };
}

/** The lease of a call that no budget is for. */
export function freeLease(id: string): BudgetLease {
  return { id, throttledMs: 0, units: [], settle: doNothing, release: doNothing };
}

function doNothing(): void {}
