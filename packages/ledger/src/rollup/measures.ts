import type { TokenUsage } from "@tollgate/core";
import type { LedgerEvent } from "../event.ts";

/** What is summed, as columns of events and of roll-ups; roll-ups count their events besides. */
export const MEASURES = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_nano_usd",
  "estimated_events",
  "unpriced_events",
  "failed_events",
  "tool_calls",
] as const;

export type Measure = (typeof MEASURES)[number];
export type Measures = Record<Measure, number>;

/**
 * What an event adds to sums. Of calls that were refused nothing left the process, and of work in the background
 * nothing is known yet: they count as events only.
 */
export function measuresOf(event: LedgerEvent): Measures {
  const { outcome, usage, additionalUsage, cost } = event;
  const spent = outcome !== "refused" && outcome !== "pending";
  const measures: Measures = {
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost_nano_usd: spent ? (cost.totalNanoUsd ?? 0) : 0,
    estimated_events: Number(spent && event.estimated),
    unpriced_events: Number(spent && isUnpriced(event)),
    failed_events: Number(outcome === "error"),
    tool_calls: event.toolCalls.length,
  };
  if (spent && usage !== undefined) addUsage(measures, usage);
  if (spent) for (const more of additionalUsage) addUsage(measures, more.usage);
  return measures;
}

function addUsage(measures: Measures, usage: TokenUsage): void {
  measures.input_tokens += usage.inputTokens ?? 0;
  measures.output_tokens += usage.outputTokens ?? 0;
  measures.cache_read_tokens += usage.cacheReadTokens ?? 0;
  measures.cache_write_tokens += usage.cacheWriteTokens ?? 0;
  measures.reasoning_tokens += usage.reasoningTokens ?? 0;
}

/** Tokens were used and all or some of them have no price: as the metrics count it. */
function isUnpriced({ cost, usage, additionalUsage }: LedgerEvent): boolean {
  const isKnown = cost.totalNanoUsd !== undefined && cost.priceSource !== "fallback";
  if (isKnown && cost.partial !== true) return false;
  const usedNothing = usage?.inputTokens === 0 && usage.outputTokens === 0;
  return (usage !== undefined && !usedNothing) || additionalUsage.length > 0;
}
