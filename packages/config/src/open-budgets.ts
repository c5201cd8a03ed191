import { createRequire } from "node:module";
import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import type { BudgetProcessor, BudgetStore } from "@tollgate/budget";
import {
  createCheckedBudgetProcessor,
  createWebhook,
  deliverAlerts,
} from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { WebhookConfig } from "./alerts-schema.ts";
import type { LoadedConfig, StoreConfig } from "./config-file.ts";
import type { Environment } from "./environment/variables.ts";

/** At once, because a process that starts is waiting; a store's driver is loaded by those that name the store. */
const require = createRequire(import.meta.url);

export interface OpenBudgetsOptions {
  /** @defaultValue aggregates of their own, kept as `metrics` says */
  readonly aggregates?: Metering | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
  /** Where `secretEnv` of webhooks is looked up. @defaultValue `process.env` */
  readonly env?: Environment | undefined;
}

interface SqliteDriver {
  openSqliteStore(options: { readonly path: string; readonly clock: Clock }): BudgetStore;
}

/**
 * The budget processor that a configuration describes, on the store that it names, else in this process's memory.
 * Its alerts go to the webhooks of the configuration; shutting it down tries once more to deliver what waits.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when a webhook's `secretEnv` is not set,
 *   `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when the store cannot be opened.
 */
export function openBudgets(
  config: Pick<LoadedConfig, "budgets" | "guards" | "alerts" | "metrics"> &
    Partial<Pick<LoadedConfig, "store">>,
  { aggregates, clock = systemClock, env = process.env }: OpenBudgetsOptions = {},
): BudgetProcessor {
  const { labels, maxSeries } = config.metrics;
  const secrets = config.alerts.webhooks.map((webhook, index) => secretOf(webhook, index, env));
  const processor = createCheckedBudgetProcessor({
    policies: config.budgets,
    store: config.store && openStore(config.store, clock),
    guards: config.guards,
    aggregates: aggregates ?? createMetering({ labels, maxSeries }),
    clock,
  });
  const webhooks = config.alerts.webhooks.map(({ url, events }, index) => {
    const webhook = createWebhook({ url, secret: secrets[index] });
    deliverAlerts(processor, webhook, { events });
    return webhook;
  });
  if (webhooks.length === 0) return processor;
  return {
    ...processor,
    async shutdown() {
      await processor.shutdown();
      await Promise.all(webhooks.map((webhook) => webhook.close()));
    },
  };
}

function secretOf(
  { secret, secretEnv }: WebhookConfig,
  index: number,
  env: Environment,
): string | undefined {
  if (secretEnv === undefined) return secret;
  const value = env[secretEnv];
  if (value) return value;
  throw new TollgateError(
    "TOLLGATE_CONFIG_INVALID",
    `alerts.webhooks[${index}].secretEnv: ${secretEnv} is not set; set it, or leave the key out to send unsigned`,
  );
}

function openStore({ sqlite }: StoreConfig, clock: Clock): BudgetStore {
  const driver: SqliteDriver = require("@tollgate/budget/sqlite");
  return driver.openSqliteStore({ path: sqlite, clock });
}
