import type { BudgetDecisionEvent } from "../processor.ts";

type Action = BudgetDecisionEvent["action"];

export interface DecisionCount {
  readonly action: Action;
  readonly reason: string;
  count: number;
}

/** What one budget has decided and charged since the process started. */
export interface BudgetCounts {
  readonly decisions: DecisionCount[];
  overrunNanoUsd: number;
  presumedNanoUsd: number;
}

/** Counts per budget: bounded, because budgets are declared and reasons are few. */
export interface DecisionCounts {
  of(budget: string): BudgetCounts;
  add(budget: string, action: Action, reason: string): void;
  readonly all: ReadonlyMap<string, BudgetCounts>;
}

export function createDecisionCounts(): DecisionCounts {
  const all = new Map<string, BudgetCounts>();

  function of(budget: string): BudgetCounts {
    let counts = all.get(budget);
    if (counts === undefined) {
      counts = { decisions: [], overrunNanoUsd: 0, presumedNanoUsd: 0 };
      all.set(budget, counts);
    }
    return counts;
  }

  return {
    all,
    of,
    add(budget, action, reason) {
      const { decisions } = of(budget);
      for (const known of decisions) {
        if (known.action === action && known.reason === reason) {
          known.count++;
          return;
        }
      }
      decisions.push({ action, reason, count: 1 });
    },
  };
}
