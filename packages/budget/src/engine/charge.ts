import { diag } from "@opentelemetry/api";
import type { BudgetUnit } from "@tollgate/core";
import type { BudgetCharge } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise, StoreAnswer } from "../store/store.ts";
import { amountIn } from "./amounts.ts";
import type { PlannedHold } from "./plan-holds.ts";
import type { RulesInForce } from "./rules.ts";
import type { StoreAccess } from "./store-access.ts";

/** Books spend that nobody asked leave for: a hold that no check can refuse, ended at once. */
export function createCharger(
  rules: RulesInForce,
  store: StoreAccess,
  onNews: (answer: StoreAnswer) => void,
): (charge: BudgetCharge) => MaybePromise<void> {
  return (charge) => {
    const matched = rules.current.match(charge);
    if (matched.counters.length === 0) return undefined;
    const holds = matched.counters.map(({ policy, counter }): PlannedHold => {
      const amount = usedIn(counter.unit, charge);
      return { policy, counter, amount, check: "never", requested: amount, trouble: undefined };
    });
    const { used } = charge;
    const call = { ...charge, expected: () => used, bound: () => used, underway: true };
    return chain(store.reserve({ call, matched, holds, maxOutputTokens: undefined }), (asked) => {
      onNews(asked);
      if ("refused" in asked) {
        diag.warn(
          `tollgate: ${asked.refused.refusal.budget} could not be charged what was fetched`,
        );
        return undefined;
      }
      const { booking } = asked.grant;
      const amounts = booking.holds.map(({ amount }) => amount);
      return chain(store.end(booking, amounts), onNews);
    });
  };
}

function usedIn(unit: BudgetUnit, { used, requests }: BudgetCharge): number {
  return unit === "requests" ? requests : (amountIn(unit, used) ?? 0);
}
