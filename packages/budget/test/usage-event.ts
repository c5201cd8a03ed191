import type { UsageEvent } from "@tollgate/core";

export const ATLAS = { project: "atlas" };

/** A call of the project atlas, of 100 tokens. */
export function event(usd: number, options: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: "event",
    timeMs: 0,
    attribution: ATLAS,
    provider: "openai",
    operation: "chat",
    api: "openai.chat",
    requestModel: "gpt-5",
    responseModel: "gpt-5",
    responseId: undefined,
    streaming: false,
    usage: { inputTokens: 90, outputTokens: 10 },
    additionalUsage: [],
    estimated: false,
    cost: { totalNanoUsd: usd * 1e9, parts: { input: usd * 1e9 }, priceSource: "catalogue" },
    outcome: "ok",
    errorType: undefined,
    finishReasons: [],
    toolCalls: [],
    durationMs: 1,
    timeToFirstChunkMs: undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
    ...options,
  };
}
