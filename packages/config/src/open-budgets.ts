import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import type { AggregateSource, BudgetProcessor } from "@tollgate/budget";
import { createPromQlAggregates } from "@tollgate/budget/aggregates";
import {
  createCheckedBudgetProcessor,
  createWebhook,
  deliverAlerts,
} from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { WebhookConfig } from "./alerts-schema.ts";
import type { LoadedConfig } from "./config-file.ts";
import type { Environment } from "./environment/variables.ts";
import { openStore } from "./open-store.ts";

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
  /** Where `secretEnv` of webhooks is looked up. @defaultValue `process.env` */
  readonly env?: Environment | undefined;
}

/**
 * The budget processor that a configuration describes, on the store that it names, else in this process's memory. Its alerts go
 * to the webhooks of the configuration; shutting it down tries once more to deliver what waits.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when a webhook's `secretEnv` is not set, or the configuration says
 *   `sdk: true` and there is no source, `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when the store
 *   cannot be opened.
 */
export function openBudgets(
  config: Pick<LoadedConfig, "budgets" | "guards" | "alerts" | "metrics" | "store" | "aggregates">,
  { aggregates, aggregateSource, clock = systemClock, env = process.env }: OpenBudgetsOptions = {},
): BudgetProcessor {
  const { labels, maxSeries } = config.metrics;
  const secrets = config.alerts.webhooks.map((webhook, index) => secretOf(webhook, index, env));
  const processor = createCheckedBudgetProcessor({
    policies: config.budgets,
    store: config.store && openStore(config.store, clock),
    guards: config.guards,
    aggregateSource: aggregateSource ?? sourceOf(config.aggregates),
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

function sourceOf(aggregates: LoadedConfig["aggregates"]): AggregateSource | undefined {
  if (aggregates?.sdk === true) {
    const message =
      "aggregates.sdk: openBudgets needs the aggregates of the app's SDK; give it an aggregateSource";
    throw new TollgateError("TOLLGATE_CONFIG_INVALID", message);
  }
  return aggregates?.prometheus && createPromQlAggregates(aggregates.prometheus);
}
