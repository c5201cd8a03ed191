import type { CallCost, TokenUsage, UsageEvent } from "@tollgate/core";
import type { Trouble, Workload } from "./traffic.ts";

/** What a call of that size uses. */
export function usageOf(work: Workload, { cacheFactor }: Trouble, size: number): TokenUsage {
  const inputTokens = Math.round(work.inputTokens * size);
  const outputTokens = Math.round(work.outputTokens * size);
  const cacheReadTokens = Math.round(inputTokens * work.cacheShare * cacheFactor);
  return {
    inputTokens,
    outputTokens,
    ...(cacheReadTokens > 0 && { cacheReadTokens }),
    ...(work.provider === "anthropic" && { cacheWriteTokens: Math.round(inputTokens * 0.04) }),
    ...(work.reasoningShare > 0 && {
      reasoningTokens: Math.round(outputTokens * work.reasoningShare),
    }),
  };
}

/** What tells one call from another of its kind. */
export interface Facts {
  readonly id: string;
  readonly usage: TokenUsage;
  readonly cost: CallCost;
  readonly size: number;
  readonly timeMs: number;
}

/** A call that went well. */
export function eventOf(work: Workload, { id, usage, cost, size, timeMs }: Facts): UsageEvent {
  const durationMs = work.seconds * 1_000 * (0.5 + size);
  return {
    id,
    timeMs,
    attribution: work.attribution,
    provider: work.provider,
    operation: "chat",
    api: "openai.chat",
    requestModel: work.model,
    responseModel: work.model,
    responseId: undefined,
    streaming: work.streaming,
    usage,
    additionalUsage: [],
    estimated: false,
    cost,
    outcome: "ok",
    errorType: undefined,
    finishReasons: ["stop"],
    toolCalls: [],
    durationMs,
    timeToFirstChunkMs: work.streaming ? durationMs * 0.12 : undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
  };
}
