import { formatUsd, type Attribution, type BudgetUnit } from "@tollgate/core";
import type { RunawayAlert } from "../guard/guard-policy.ts";
import type { BudgetAlert, BudgetDecisionEvent, BudgetProcessor } from "../processor.ts";
import type { Webhook } from "./webhook.ts";

/** What a webhook can be told of. `deny`, `throttle`: every call that is refused or made to wait. */
export type WebhookEventKind = "threshold" | "runaway" | "deny" | "throttle";

/** The body of a delivery. */
export interface WebhookMessage {
  readonly type: `budget.${WebhookEventKind}`;
  /** ISO 8601. */
  readonly timestamp: string;
  /** One sentence for people. */
  readonly message: string;
  readonly data: BudgetAlert | RunawayAlert | WebhookDecision;
}

/** A decision without what the call was about. */
export interface WebhookDecision {
  readonly budget: string | undefined;
  readonly reason: string;
  readonly callId: string;
  readonly attribution: Attribution;
  readonly provider: string;
  readonly model: string | undefined;
  readonly throttledMs: number;
}

export interface DeliverAlertsOptions {
  /** @defaultValue `["threshold", "runaway"]` */
  readonly events?: readonly WebhookEventKind[] | undefined;
  /** @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

/** Sends what a processor reports to a webhook. @returns a function that ends it. */
export function deliverAlerts(
  processor: Pick<BudgetProcessor, "onAlert" | "onDecision" | "onRunaway">,
  webhook: Pick<Webhook, "send">,
  options: DeliverAlertsOptions = {},
): () => void {
  const { events = ["threshold", "runaway"], now = Date.now } = options;
  const wanted = new Set(events);
  const ends: (() => void)[] = [];

  function send(kind: WebhookEventKind, message: string, data: WebhookMessage["data"]): void {
    const timestamp = new Date(now()).toISOString();
    const body: WebhookMessage = { type: `budget.${kind}`, timestamp, message, data };
    webhook.send(body);
  }

  if (wanted.has("threshold")) {
    ends.push(processor.onAlert((alert) => send("threshold", describeAlert(alert), alert)));
  }
  if (wanted.has("runaway")) {
    ends.push(processor.onRunaway((alert) => send("runaway", describeRunaway(alert), alert)));
  }
  if (wanted.has("deny") || wanted.has("throttle")) {
    const tell = (decision: BudgetDecisionEvent): void => {
      const { action } = decision;
      if ((action !== "deny" && action !== "throttle") || !wanted.has(action)) return;
      send(action, describeDecision(decision), dataOf(decision));
    };
    ends.push(processor.onDecision(tell));
  }
  return () => {
    for (const end of ends) end();
  };
}

function describeAlert({ budget, scope, threshold, unit, spent, limit }: BudgetAlert): string {
  const amounts = `${amountOf(spent, unit)} of ${amountOf(limit, unit)}`;
  return `Budget "${budget}"${ofScope(scope)} has reached ${threshold} %: ${amounts}`;
}

function describeRunaway({ guard, scope, sign, observed, limit }: RunawayAlert): string {
  const seen = `${sign.replaceAll("_", " ")}: ${Math.round(observed * 10) / 10}, allowed ${limit}`;
  return `Guard "${guard}"${ofScope(scope)} sees a runaway, ${seen}`;
}

function describeDecision({ action, budget, reason, call }: BudgetDecisionEvent): string {
  const what = action === "deny" ? "refused a call" : "made a call wait";
  return `Budget "${budget ?? ""}" ${what} of ${call.model ?? call.provider}: ${reason}`;
}

function dataOf({ call, budget, reason, throttledMs }: BudgetDecisionEvent): WebhookDecision {
  const { id: callId, attribution, provider, model } = call;
  return { budget, reason, callId, attribution, provider, model, throttledMs };
}

function ofScope(scope: Readonly<Record<string, string>>): string {
  const parts = Object.entries(scope).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function amountOf(amount: number, unit: BudgetUnit): string {
  return unit === "usd" ? formatUsd(amount) : `${amount} ${unit}`;
}
