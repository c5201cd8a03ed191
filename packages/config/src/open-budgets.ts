import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import type { AggregateSource, BudgetProcessor } from "@tollgate/budget";
import { createPromQlAggregates } from "@tollgate/budget/aggregates";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { createMetering, type Metering } from "@tollgate/metering";
import type { LoadedConfig } from "./config-file.ts";
import type { Environment } from "./environment/variables.ts";
import { openStore } from "./open-store.ts";
import { openWebhooks, withSecrets } from "./open-webhooks.ts";

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

/** A budget processor that another configuration can be put in force in. */
export interface ConfiguredBudgets extends BudgetProcessor {
  /**
   * Puts the budgets, guards and webhooks of a configuration in place of those in force, while calls go on.
   *
   * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when a webhook's `secretEnv` is not set,
   *   `TOLLGATE_POLICY_INVALID` when a budget decides on aggregates that the process was started without. Nothing
   *   has changed then.
   */
  applyConfig(config: Pick<LoadedConfig, "budgets" | "guards" | "alerts">): void;
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
): ConfiguredBudgets {
  const { labels, maxSeries } = config.metrics;
  const { alerts } = config;
  const firstWebhooks = withSecrets(alerts.webhooks, env);
  const processor = createCheckedBudgetProcessor({
    policies: config.budgets,
    store: config.store && openStore(config.store, clock),
    guards: config.guards,
    aggregateSource: aggregateSource ?? sourceOf(config.aggregates),
    aggregates: aggregates ?? createMetering({ labels, maxSeries }),
    clock,
  });
  const webhooks = openWebhooks(processor);
  webhooks.replace(firstWebhooks);
  return {
    ...processor,
    get readsFingerprints() {
      return processor.readsFingerprints;
    },
    applyConfig(next) {
      const nextWebhooks = withSecrets(next.alerts.webhooks, env);
      processor.replacePolicies({ policies: next.budgets, guards: next.guards });
      webhooks.replace(nextWebhooks);
    },
    async shutdown() {
      await processor.shutdown();
      await webhooks.close();
    },
  };
}

function sourceOf(aggregates: LoadedConfig["aggregates"]): AggregateSource | undefined {
  if (aggregates?.sdk === true) {
    const message =
      "aggregates.sdk: openBudgets needs the aggregates of the app's SDK; give it an aggregateSource";
    throw new TollgateError("TOLLGATE_CONFIG_INVALID", message);
  }
  return aggregates?.prometheus && createPromQlAggregates(aggregates.prometheus);
}
