import { parse } from "yaml";
import type { BudgetThresholds } from "./rules/alerts/own-thresholds.ts";

/**
 * The budgets of a tollgate.yaml that say themselves when to alert. Whether the file is right is for `tollgate`
 * to say: what makes no sense here is passed over.
 */
export function readThresholds(text: string): readonly BudgetThresholds[] {
  const budgets = member(parse(text), "budgets");
  if (!Array.isArray(budgets)) return [];
  return budgets.flatMap((budget: unknown) => {
    const id = member(budget, "id");
    const alertAt = member(budget, "alertAt");
    if (typeof id !== "string" || !Array.isArray(alertAt)) return [];
    const percents = alertAt.filter((percent: unknown) => typeof percent === "number");
    return percents.length === 0 ? [] : [{ id, alertAt: percents }];
  });
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
