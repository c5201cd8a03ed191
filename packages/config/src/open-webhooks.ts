import { TollgateError } from "@tollgate/core";
import type { BudgetProcessor } from "@tollgate/budget";
import { createWebhook, deliverAlerts } from "@tollgate/budget/checked";
import type { WebhookConfig } from "./alerts-schema.ts";
import type { Environment } from "./environment/variables.ts";

/** The webhooks that a processor's alerts go to. */
export interface OpenWebhooks {
  /** Puts these in place of those that are open; what is the same stays open. */
  replace(webhooks: readonly WebhookConfig[]): void;
  /** Tries once more to deliver what waits. */
  close(): Promise<void>;
}

interface OpenWebhook {
  end(): Promise<void>;
}

export function openWebhooks(processor: BudgetProcessor): OpenWebhooks {
  const open = new Map<string, OpenWebhook>();
  return {
    replace(webhooks) {
      const wanted = new Map(webhooks.map((webhook) => [JSON.stringify(webhook), webhook]));
      for (const [key, webhook] of open) {
        if (wanted.has(key)) continue;
        open.delete(key);
        void webhook.end();
      }
      for (const [key, webhook] of wanted) {
        if (!open.has(key)) open.set(key, openWebhook(processor, webhook));
      }
    },
    async close() {
      await Promise.all([...open.values()].map((webhook) => webhook.end()));
    },
  };
}

function openWebhook(processor: BudgetProcessor, webhook: WebhookConfig): OpenWebhook {
  const { url, secret, events } = webhook;
  const opened = createWebhook({ url, secret });
  const stop = deliverAlerts(processor, opened, { events });
  return {
    end() {
      stop();
      return opened.close();
    },
  };
}

/**
 * The webhooks with the secrets that they name.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when a `secretEnv` is not set.
 */
export function withSecrets(
  webhooks: readonly WebhookConfig[],
  env: Environment,
): readonly WebhookConfig[] {
  return webhooks.map((webhook, index) => ({ ...webhook, secret: secretOf(webhook, index, env) }));
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
