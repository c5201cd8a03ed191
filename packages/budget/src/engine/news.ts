import type { CompiledPolicy } from "../policy/compile.ts";
import type { BudgetAlert } from "../processor.ts";
import type { StoreAnswer } from "../store/store.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import type { Listeners } from "./listeners.ts";

/** Passes on what a store's answers tell once: thresholds to listeners, presumed spend to the counts. */
export function createNewsDesk(
  policies: readonly CompiledPolicy[],
  alerts: Listeners<BudgetAlert>,
  counts: DecisionCounts,
): (answer: StoreAnswer) => void {
  const byId = new Map(policies.map((policy) => [policy.id, policy]));

  return ({ notices }) => {
    for (const notice of notices) {
      const { budget, unit, scope, limit } = notice.counter;
      if (notice.kind === "presumed") {
        if (unit === "usd") counts.of(budget).presumedNanoUsd += notice.amount;
        continue;
      }
      const { spent, windowEndMs } = notice;
      const threshold = byId.get(budget)?.alertAt[notice.threshold];
      if (threshold === undefined) continue;
      alerts.tell({ budget, unit, scope, threshold, limit, spent, windowEndMs });
    }
  };
}
