import { systemClock, type Clock } from "@tollgate/core";
import type { BudgetProcessor } from "@tollgate/budget";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { LoadedConfig } from "./config-file.ts";

export interface OpenBudgetsOptions {
  /** @defaultValue aggregates of their own, kept as `metrics` says */
  readonly aggregates?: Metering | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/** The budget processor that a configuration describes, on a store in this process's memory. */
export function openBudgets(
  config: Pick<LoadedConfig, "budgets" | "metrics">,
  { aggregates, clock = systemClock }: OpenBudgetsOptions = {},
): BudgetProcessor {
  const { labels, maxSeries } = config.metrics;
  return createCheckedBudgetProcessor({
    policies: config.budgets,
    aggregates: aggregates ?? createMetering({ labels, maxSeries }),
    clock,
  });
}
