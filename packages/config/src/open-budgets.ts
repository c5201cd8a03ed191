import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import type { AggregateSource, BudgetProcessor } from "@tollgate/budget";
import { createPromQlAggregates } from "@tollgate/budget/aggregates";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { LoadedConfig } from "./config-file.ts";

export interface OpenBudgetsOptions {
  /** @defaultValue aggregates of their own, kept as `metrics` says */
  readonly aggregates?: Metering | undefined;
  /**
   * For `aggregates: { sdk: true }`: the aggregates whose reader is in the app's `MeterProvider`.
   *
   * @defaultValue what `aggregates: { prometheus: ... }` says
   */
  readonly aggregateSource?: AggregateSource | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/**
 * The budget processor that a configuration describes, on a store in this process's memory.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when the configuration says `sdk: true` and there is no source.
 */
export function openBudgets(
  config: Pick<LoadedConfig, "budgets" | "metrics" | "aggregates">,
  { aggregates, aggregateSource, clock = systemClock }: OpenBudgetsOptions = {},
): BudgetProcessor {
  const { labels, maxSeries } = config.metrics;
  return createCheckedBudgetProcessor({
    policies: config.budgets,
    aggregateSource: aggregateSource ?? sourceOf(config.aggregates),
    aggregates: aggregates ?? createMetering({ labels, maxSeries }),
    clock,
  });
}

function sourceOf(aggregates: LoadedConfig["aggregates"]): AggregateSource | undefined {
  if (aggregates?.sdk === true) {
    const message =
      "aggregates.sdk: openBudgets needs the aggregates of the app's SDK; give it an aggregateSource";
    throw new TollgateError("TOLLGATE_CONFIG_INVALID", message);
  }
  return aggregates?.prometheus && createPromQlAggregates(aggregates.prometheus);
}
