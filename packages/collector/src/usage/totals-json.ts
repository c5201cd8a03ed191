import { nanoUsdToUsd } from "@tollgate/core";
import type { GroupTotals, Totals } from "@tollgate/ledger";
import * as z from "zod";

const count = z.number();

/** Sums as REST and MCP give them out. */
export interface TotalsJson {
  readonly events: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly tokens_total: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_usd: number;
  readonly cost_nano_usd: number;
  readonly estimated_events: number;
  readonly unpriced_events: number;
  readonly failed_events: number;
  readonly tool_calls: number;
}

export const totalsSchema: z.ZodObject<Record<keyof TotalsJson, z.ZodNumber>> = z.object({
  events: count.describe("How many events are summed up."),
  tokens_in: count.describe("All input tokens, cached ones included."),
  tokens_out: count.describe("All output tokens, reasoning included."),
  tokens_total: count.describe("tokens_in and tokens_out together."),
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  cost_usd: count.describe("Of the events that have a price; for display."),
  cost_nano_usd: count.describe("The same exactly, in billionths of a US dollar."),
  estimated_events: count.describe("Events whose tokens are an estimate."),
  unpriced_events: count.describe("Events that have no price: their cost is not in the sum."),
  failed_events: count,
  tool_calls: count,
});

export function totalsJson(totals: Totals): TotalsJson {
  return {
    events: totals.events,
    tokens_in: totals.inputTokens,
    tokens_out: totals.outputTokens,
    tokens_total: totals.inputTokens + totals.outputTokens,
    cache_read_tokens: totals.cacheReadTokens,
    cache_write_tokens: totals.cacheWriteTokens,
    reasoning_tokens: totals.reasoningTokens,
    cost_usd: nanoUsdToUsd(totals.costNanoUsd),
    cost_nano_usd: totals.costNanoUsd,
    estimated_events: totals.estimatedEvents,
    unpriced_events: totals.unpricedEvents,
    failed_events: totals.failedEvents,
    tool_calls: totals.toolCalls,
  };
}

/** Sums of one group; `null` are those of the events that do not say. */
export function groupJson({ value, ...totals }: GroupTotals): TotalsJson & {
  readonly value: string | null;
} {
  return { ...totalsJson(totals), value: value ?? null };
}
