import type { UsageEvent } from "@tollgate/core";

/** An ordinary answered call, with what a test changes. */
export function usageEvent(changes: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: "call-1",
    timeMs: 0,
    attribution: { organization: "acme", project: "atlas", agent: "planner", task: "t-1" },
    provider: "openai",
    operation: "chat",
    api: "openai.chat",
    requestModel: "gpt-4o-mini",
    responseModel: "gpt-4o-mini-2024-07-18",
    responseId: undefined,
    streaming: false,
    usage: { inputTokens: 1_000, outputTokens: 500 },
    additionalUsage: [],
    estimated: false,
    cost: {
      totalNanoUsd: 450_000,
      parts: { input: 150_000, output: 300_000 },
      priceSource: "catalogue",
    },
    outcome: "ok",
    errorType: undefined,
    finishReasons: ["stop"],
    toolCalls: [],
    durationMs: 1_500,
    timeToFirstChunkMs: undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
    ...changes,
  };
}

/** The labels of that call. */
export const LABELS: Readonly<Record<string, string>> = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
  "tollgate.agent": "planner",
  "tollgate.organization": "acme",
  "tollgate.project": "atlas",
};
