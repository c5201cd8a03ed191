import type { Totals } from "../query.ts";
import { MAX_COUNT_OF_ROW } from "../rollup/limits.ts";
import { costOf, type Sums } from "../rollup/sums.ts";

const MAX = Number.MAX_SAFE_INTEGER;
/** A count of this size may have stood still in a row of the roll-ups. */
const LARGE = MAX_COUNT_OF_ROW;

/** Sums as they are told: numbers, which stand at 2⁵³ − 1 where a sum is beyond. */
export function toTotals(sums: Readonly<Sums>): Totals {
  const cost = costOf(sums);
  const totals: Totals = {
    events: sums.events,
    inputTokens: Math.min(sums.input_tokens, MAX),
    outputTokens: Math.min(sums.output_tokens, MAX),
    cacheReadTokens: Math.min(sums.cache_read_tokens, MAX),
    cacheWriteTokens: Math.min(sums.cache_write_tokens, MAX),
    reasoningTokens: Math.min(sums.reasoning_tokens, MAX),
    costNanoUsd: cost > BigInt(MAX) ? MAX : Number(cost),
    estimatedEvents: sums.estimated_events,
    unpricedEvents: sums.unpriced_events,
    failedEvents: sums.failed_events,
    toolCalls: Math.min(sums.tool_calls, MAX),
  };
  const isClamped =
    cost > BigInt(MAX) ||
    sums.input_tokens >= LARGE ||
    sums.output_tokens >= LARGE ||
    sums.cache_read_tokens >= LARGE ||
    sums.cache_write_tokens >= LARGE ||
    sums.reasoning_tokens >= LARGE ||
    sums.tool_calls >= LARGE;
  return isClamped ? { ...totals, clamped: true } : totals;
}
