import { unreadableByMetrics, type MatchKey } from "@tollgate/budget";
import type { ConfigFile } from "./config-file.ts";
import type { DescribedIssue } from "./problem/describe-issues.ts";

const DEFAULT_LABELS = ["organization", "project", "agent"] as const;

/** Budgets that decide on aggregates which are not there, or which do not know what is asked of them. */
export function findUnreadable(
  config: Pick<ConfigFile, "aggregates" | "budgets" | "metrics"> | undefined,
): readonly DescribedIssue[] {
  if (config === undefined) return [];
  const { aggregates, budgets, metrics } = config;
  const keys = new Set<MatchKey>([...(metrics.labels ?? DEFAULT_LABELS), "provider", "model"]);
  return budgets.flatMap((budget, index) => {
    const on = budget.decideOn ?? (budget.guarantee === "advisory" ? "aggregates" : "ledger");
    if (on === "ledger") return [];
    if (aggregates === undefined) {
      if (budget.decideOn === undefined) return [];
      const message =
        "there are no aggregates; write aggregates: { prometheus: { url: ... } }, or leave it out";
      return [{ path: ["budgets", index, "decideOn"], message }];
    }
    const unreadable = unreadableByMetrics(budget, keys, aggregates.sdk === true);
    if (unreadable === undefined) return [];
    return [{ path: ["budgets", index, unreadable.key], message: unreadable.message }];
  });
}
