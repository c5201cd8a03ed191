import type { TokenUsage } from "@tollgate/core";
import { priceCall } from "@tollgate/pricing";
import type { BookedCall } from "./booked-calls.ts";
import type { Finding } from "./finding.ts";
import type { ProviderCall } from "./scenarios.ts";

/** The price of what was told; where all was told, that is the price of what the provider counted. */
export function compareCost(call: ProviderCall, event: BookedCall): readonly Finding[] {
  const { scenario, usage } = call;
  const got = event.cost_nano_usd;
  const due = priceOf(call, usage);
  // An attempt that failed costs nothing, and nothing is known of it.
  if (got === due || (call.failed && got === 0)) return [];
  const text = `cost is ${got ?? "unknown"} nano-USD, not ${due ?? "unknown"}`;
  if (event.price_source === "sender") {
    return [{ kind: "limit", scenario, text: `${text}: the sender's own figure` }];
  }
  return got === priceOf(call, usageOf(event))
    ? [{ kind: "limit", scenario, text: `${text}: the price of what was told` }]
    : [{ kind: "wrong", scenario, text }];
}

function priceOf(
  { provider, model, timeMs }: ProviderCall,
  usage: TokenUsage | undefined,
): number | null {
  if (usage === undefined) return null;
  return priceCall(usage, { provider, model, timeMs }).totalNanoUsd ?? null;
}

function usageOf(event: BookedCall): TokenUsage | undefined {
  if (event.tokens_in === null && event.tokens_out === null) return undefined;
  return {
    inputTokens: event.tokens_in ?? undefined,
    outputTokens: event.tokens_out ?? undefined,
    cacheReadTokens: event.cache_read_tokens ?? undefined,
    cacheWriteTokens: event.cache_write_tokens ?? undefined,
    reasoningTokens: event.reasoning_tokens ?? undefined,
  };
}
