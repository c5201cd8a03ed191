import { diag } from "@opentelemetry/api";
import { TollgateError, type BudgetUnit, type Clock } from "@tollgate/core";
import type { BudgetCharge } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise, StoreAnswer } from "../store/store.ts";
import { countsNow } from "../window/in-window.ts";
import { amountIn } from "./amounts.ts";
import type { Matched } from "./matcher.ts";
import type { PlannedHold } from "./plan-holds.ts";
import type { RulesInForce } from "./rules.ts";
import type { Booking, StoreAccess } from "./store-access.ts";

/** What must be done between the hold of a charge and its end. */
type Confirm = () => MaybePromise<void>;

/** Books spend that nobody asked leave for: a hold that no check can refuse, ended at once. */
export function createCharger(
  rules: RulesInForce,
  store: StoreAccess,
  clock: Clock,
  onNews: (answer: StoreAnswer) => void,
): (charge: BudgetCharge, confirm?: Confirm) => MaybePromise<void> {
  function end(booking: Booking): MaybePromise<void> {
    const amounts = booking.holds.map(({ amount }) => amount);
    return chain(store.end(booking, amounts), onNews);
  }

  /** Only the store itself knows a hold by its id when it is asked again. */
  function takeBack(booking: Booking): MaybePromise<never> {
    return chain(store.end(booking, undefined), () => {
      throw unavailable();
    });
  }

  return (charge, confirm) => {
    const matched = matchedNow(rules.current.match(charge), charge, clock);
    if (matched.counters.length === 0) return confirm?.();
    const holds = matched.counters.map(({ policy, counter }): PlannedHold => {
      const amount = usedIn(counter.unit, charge);
      return { policy, counter, amount, check: "never", requested: amount, trouble: undefined };
    });
    const { used } = charge;
    const call = {
      ...charge,
      expected: () => used,
      bound: () => used,
      underway: true,
      isForAll: confirm !== undefined,
    };
    return chain(store.reserve({ call, matched, holds, maxOutputTokens: undefined }), (asked) => {
      onNews(asked);
      if ("refused" in asked) {
        if (confirm !== undefined) throw unavailable();
        diag.warn(
          `tollgate: ${asked.refused.refusal.budget} could not be charged what was fetched`,
        );
        return undefined;
      }
      const { booking } = asked.grant;
      if (confirm === undefined) return end(booking);
      return booking.makeshift ? takeBack(booking) : chain(confirm(), () => end(booking));
    });
  };
}

/** What happened in a window that is over does not count in the one of now. */
function matchedNow(matched: Matched, { timeMs }: BudgetCharge, clock: Clock): Matched {
  if (timeMs === undefined) return matched;
  const nowMs = clock.now();
  const counters = matched.counters.filter(({ counter }) =>
    countsNow(counter.window, timeMs, nowMs),
  );
  return counters.length === matched.counters.length ? matched : { ...matched, counters };
}

function unavailable(): TollgateError {
  return new TollgateError(
    "TOLLGATE_STORE_UNAVAILABLE",
    "the budget store does not answer; nothing was charged, charge it again under the same id",
  );
}

function usedIn(unit: BudgetUnit, { used, requests }: BudgetCharge): number {
  return unit === "requests" ? requests : (amountIn(unit, used) ?? 0);
}
