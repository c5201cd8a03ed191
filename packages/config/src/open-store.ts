import { createRequire } from "node:module";
import type { Clock } from "@tollgate/core";
import type { BudgetStore } from "@tollgate/budget";
import { createLateStore } from "./late-store.ts";
import type { StoreConfig } from "./store-config.ts";

/** At once, because a process that starts is waiting; a store's driver is loaded by those that name the store. */
const require = createRequire(import.meta.url);

interface SlicesDriver {
  createSlicedStore(shared: BudgetStore, options: { readonly clock: Clock }): BudgetStore;
}

interface SqliteDriver {
  openSqliteStore(options: { readonly path: string; readonly clock: Clock }): BudgetStore;
}

/**
 * Opens the store that a configuration names.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when a file cannot be opened.
 */
export function openStore(config: StoreConfig, clock: Clock): BudgetStore | undefined {
  const shared = openShared(config, clock);
  if (shared === undefined || !config.slices) return shared;
  // Above a store that is still being loaded, too: what is taken ahead is decided at once.
  const driver: SlicesDriver = require("@tollgate/budget/slices");
  return driver.createSlicedStore(shared, { clock });
}

function openShared({ sqlite, redis }: StoreConfig, clock: Clock): BudgetStore | undefined {
  if (sqlite !== undefined) {
    const driver: SqliteDriver = require("@tollgate/budget/sqlite");
    return driver.openSqliteStore({ path: sqlite, clock });
  }
  if (redis === undefined) return undefined;
  const { partition } = redis;
  return createLateStore({ name: "Redis", partition }, async () => {
    const { openRedisStore } = await import("@tollgate/budget/redis");
    return openRedisStore(redis);
  });
}
