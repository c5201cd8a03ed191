import type { BudgetAlert } from "../processor.ts";
import { percentAt } from "../memory/counter-record.ts";
import type { Counter, StoreAnswer } from "../store/store.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import type { Listeners } from "./listeners.ts";
import type { RulesInForce } from "./rules.ts";

/** Passes on what a store's answers tell once: thresholds to listeners, presumed spend to the counts. */
export function createNewsDesk(
  rules: RulesInForce,
  alerts: Listeners<BudgetAlert>,
  counts: DecisionCounts,
): (answer: StoreAnswer) => void {
  return ({ notices }) => {
    for (const notice of notices) {
      const { budget, unit, scope, limit } = notice.counter;
      if (notice.kind === "presumed") {
        if (unit === "usd") counts.of(budget).presumedNanoUsd += notice.amount;
        continue;
      }
      const { spent, windowEndMs } = notice;
      const threshold = percentOf(notice.counter, notice.threshold, rules);
      if (threshold === undefined) continue;
      alerts.tell({ budget, unit, scope, threshold, limit, spent, windowEndMs });
    }
  };
}

/** The counter may be one of rules that no longer hold, here or in another process. */
function percentOf(counter: Counter, index: number, rules: RulesInForce): number | undefined {
  const { budget, unit, limit, alertAmounts } = counter;
  const policy = rules.current.byId.get(budget);
  const own = policy?.limits.find((one) => one.unit === unit);
  if (policy === undefined || own === undefined) return undefined;
  const isSame = own.limit === limit && own.alertAmounts[index] === alertAmounts[index];
  return isSame ? policy.alertAt[index] : percentAt(counter, index);
}
