import { BUDGET } from "../../metrics/labels.ts";
import { select } from "../../promql/promql.ts";
import { SPENT_SHARE } from "../recording/records.ts";
import type { Alert } from "../rule.ts";
import { THE_BUDGET } from "./who.ts";

/** What rules need to know of a budget. */
export interface BudgetThresholds {
  readonly id: string;
  /** Per cent of the limit, of what is spent. */
  readonly alertAt: readonly number[];
}

/** One alert for each threshold that a budget asks for; the highest below its limit is no worse than a warning. */
export function ownThresholdAlerts(budgets: readonly BudgetThresholds[]): readonly Alert[] {
  return budgets.flatMap(({ id, alertAt }) =>
    [...new Set(alertAt)]
      .toSorted((a, b) => a - b)
      .map((percent, index, all) => {
        const next = all[index + 1];
        const below = next === undefined ? "" : ` < ${next / 100}`;
        return {
          name: "TollgateBudgetThreshold",
          concern: "budget" as const,
          severity: severityOf(percent),
          for: "1m",
          expr: `${select(SPENT_SHARE, `${BUDGET}="${id}"`)} >= ${percent / 100}${below}`,
          summary: `${THE_BUDGET} has spent {{ $value | humanizePercentage }} of its limit, above the ${percent} % it asks to be told of`,
          description: `The budget's alertAt lists ${percent} %. Spent amounts count, not what calls under way hold.`,
        };
      }),
  );
}

function severityOf(percent: number): Alert["severity"] {
  if (percent >= 100) return "critical";
  return percent >= 75 ? "warning" : "info";
}
