import { createRequire } from "node:module";
import { systemClock, type Clock } from "@tollgate/core";
import type { BudgetProcessor, BudgetStore } from "@tollgate/budget";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { LoadedConfig, StoreConfig } from "./config-file.ts";

/** At once, because a process that starts is waiting; a store's driver is loaded by those that name the store. */
const require = createRequire(import.meta.url);

export interface OpenBudgetsOptions {
  /** @defaultValue aggregates of their own, kept as `metrics` says */
  readonly aggregates?: Metering | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
}

interface SqliteDriver {
  openSqliteStore(options: { readonly path: string; readonly clock: Clock }): BudgetStore;
}

/**
 * The budget processor that a configuration describes, on the store that it names, else in this process's memory.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when the store cannot be opened.
 */
export function openBudgets(
  config: Pick<LoadedConfig, "budgets" | "metrics"> & Partial<Pick<LoadedConfig, "store">>,
  { aggregates, clock = systemClock }: OpenBudgetsOptions = {},
): BudgetProcessor {
  const { labels, maxSeries } = config.metrics;
  return createCheckedBudgetProcessor({
    policies: config.budgets,
    store: config.store && openStore(config.store, clock),
    aggregates: aggregates ?? createMetering({ labels, maxSeries }),
    clock,
  });
}

function openStore({ sqlite }: StoreConfig, clock: Clock): BudgetStore {
  const driver: SqliteDriver = require("@tollgate/budget/sqlite");
  return driver.openSqliteStore({ path: sqlite, clock });
}
