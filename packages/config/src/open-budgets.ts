import { systemClock, type Clock } from "@tollgate/core";
import type { BudgetProcessor, BudgetStore } from "@tollgate/budget";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { LoadedConfig, StoreConfig } from "./config-file.ts";
import { createLateStore } from "./late-store.ts";

export interface OpenBudgetsOptions {
  /** @defaultValue aggregates of their own, kept as `metrics` says */
  readonly aggregates?: Metering | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

/**
 * The budget processor that a configuration describes, on the store it names, else in this process's
 * memory.
 */
export function openBudgets(
  config: Pick<LoadedConfig, "budgets" | "metrics" | "store">,
  { aggregates, clock = systemClock }: OpenBudgetsOptions = {},
): BudgetProcessor {
  const { labels, maxSeries } = config.metrics;
  return createCheckedBudgetProcessor({
    policies: config.budgets,
    store: openStore(config.store),
    aggregates: aggregates ?? createMetering({ labels, maxSeries }),
    clock,
  });
}

function openStore(store: StoreConfig | undefined): BudgetStore | undefined {
  if (store === undefined) return undefined;
  const { url, namespace } = store.redis;
  return createLateStore("Redis", async () => {
    const { openRedisStore } = await import("@tollgate/budget/redis");
    return openRedisStore({ url, namespace });
  });
}
