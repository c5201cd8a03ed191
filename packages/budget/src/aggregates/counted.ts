import type { BudgetUnit, UsageEvent } from "@tollgate/core";
import type { MeteredTotals } from "@tollgate/metering";
import {
  METRIC_COST_USD,
  METRIC_REQUESTS,
  METRIC_TOKENS_ESTIMATED,
  METRIC_USAGE_INPUT_TOKENS,
  METRIC_USAGE_OUTPUT_TOKENS,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import type { MatchedCall } from "../engine/matcher.ts";
import { METRIC_KEYS } from "../policy/metric-keys.ts";
import type { Spend } from "./spend-tally.ts";

/** The counters that say what was spent in a unit. */
export const COUNTED_BY: Readonly<Record<BudgetUnit, readonly MetricDefinition[]>> = {
  usd: [METRIC_COST_USD],
  tokens: [METRIC_USAGE_INPUT_TOKENS, METRIC_USAGE_OUTPUT_TOKENS, METRIC_TOKENS_ESTIMATED],
  requests: [METRIC_REQUESTS],
};

/** Outcomes of requests that no budget is charged for: the ledger gives back what was not billed. */
export const UNCHARGED_OUTCOMES: readonly string[] = ["refused", "error"];

/** What the counters will grow by for a call. */
export function spendOf(event: UsageEvent): Spend {
  const { usage, additionalUsage, cost, outcome } = event;
  const requests = UNCHARGED_OUTCOMES.includes(outcome) ? 0 : 1;
  if (outcome === "refused" || outcome === "pending") return { requests };
  let tokens = 0;
  for (const { inputTokens = 0, outputTokens = 0 } of [
    usage ?? {},
    ...additionalUsage.map((additional) => additional.usage),
  ]) {
    tokens += inputTokens + outputTokens;
  }
  return { usd: cost.totalNanoUsd ?? 0, tokens, requests };
}

export function spendOfTotals(totals: MeteredTotals): Spend {
  const { costNanoUsd, inputTokens, outputTokens, requests } = totals;
  return { usd: costNanoUsd, tokens: inputTokens + outputTokens, requests };
}

export function callOfEvent({ attribution, provider, requestModel }: UsageEvent): MatchedCall {
  return { attribution, provider, model: requestModel };
}

/** Whom a series counts for. */
export function callOfLabels(labels: Readonly<Record<string, unknown>>): MatchedCall {
  const values: Partial<Record<string, string>> = {};
  for (const [key, attribute] of METRIC_KEYS) {
    const value = labels[attribute];
    if (typeof value === "string" && value !== "") values[key] = value;
  }
  const { provider = "", model, ...attribution } = values;
  return { provider, model, attribution };
}
