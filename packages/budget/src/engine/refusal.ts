import type { BudgetRefusal, RefusalReason } from "@tollgate/core";
import type { HoldRefusal } from "../store/store.ts";
import type { PlannedHold } from "./plan-holds.ts";

/** A hold that did not pass, and what the caller is told. */
export interface Refused {
  readonly hold: PlannedHold;
  readonly refusal: BudgetRefusal;
  /** Waiting may help, and the policy says to wait. */
  readonly worthWaiting: boolean;
}

/**
 * Picks the budget to name when several refuse: one that no waiting helps before one that throttles,
 * then the one that resets last, so that a caller who comes back then is not sent away again; of
 * equals the one declared first.
 */
export function pickRefusal(
  holds: readonly PlannedHold[],
  refusals: readonly HoldRefusal[],
): Refused {
  let picked: Refused | undefined;
  for (const refusal of refusals) {
    const hold = holds[refusal.index];
    if (hold === undefined) continue;
    const refused = describe(hold, refusal);
    if (picked === undefined || outranks(refused, picked)) picked = refused;
  }
  if (picked === undefined) throw new Error("a store refused without saying which hold");
  return picked;
}

/** Whether a hold is refused however long it waits, under a limit in force. */
export function neverFits(
  { check, amount, counter }: PlannedHold,
  limit: number = counter.limit,
): boolean {
  return check === "fit" && amount > limit;
}

function describe(hold: PlannedHold, refused: HoldRefusal): Refused {
  const { frozen, limit, remaining, resetsAtMs } = refused;
  const { policy, counter, requested, trouble } = hold;
  const reason: RefusalReason = frozen ? "frozen" : (trouble?.reason ?? "exceeded");
  const tooLarge = neverFits(hold, limit);
  return {
    hold,
    worthWaiting: policy.onExceed === "throttle" && !frozen && !tooLarge,
    refusal: {
      budget: policy.id,
      reason,
      unit: counter.unit,
      limit,
      remaining,
      requested,
      resetsAtMs,
      detail: frozen
        ? undefined
        : (trouble?.detail ?? (tooLarge ? "more than the whole limit" : undefined)),
    },
  };
}

function outranks(one: Refused, other: Refused): boolean {
  if (one.worthWaiting !== other.worthWaiting) return other.worthWaiting;
  return resetOf(one) > resetOf(other);
}

function resetOf({ refusal }: Refused): number {
  return refusal.resetsAtMs ?? Number.POSITIVE_INFINITY;
}

/** The refusal of a budget that was frozen when its store last answered. */
export function refuseFrozen(hold: PlannedHold): Refused {
  const { limit } = hold.counter;
  return describe(hold, { index: 0, frozen: true, limit, remaining: 0, resetsAtMs: undefined });
}

/** The refusal of a budget whose store does not answer; what is left cannot be known then. */
export function refuseUnavailable(hold: PlannedHold): Refused {
  const refused = describe(hold, {
    index: 0,
    frozen: false,
    limit: hold.counter.limit,
    remaining: 0,
    resetsAtMs: undefined,
  });
  const refusal: BudgetRefusal = { ...refused.refusal, reason: "store_unavailable" };
  return { hold, refusal, worthWaiting: false };
}
