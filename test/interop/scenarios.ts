import type { TokenUsage } from "@tollgate/core";
import type { RecordedRequest, ReplyScript } from "@tollgate/testkit";

/** Set by the app on every request: which of its calls this is. */
const HEADER = "x-scenario";

/** What a provider reports when asked plainly: every count of every call is another number, so that none is taken for another. */
const PLAIN: Readonly<Record<string, Counts>> = {
  "openai chat": { inputTokens: 1_101, outputTokens: 211 },
  "openai chat stream": { inputTokens: 1_203, outputTokens: 223 },
  "openai tool call": { inputTokens: 1_307, outputTokens: 227 },
  "openai chain": { inputTokens: 1_361, outputTokens: 269 },
  "openai cached": cached(2_411, 229, 1_024),
  "openai cached stream": cached(2_521, 233, 1_152),
  "openai responses": { ...cached(2_633, 739, 1_280), reasoningTokens: 307 },
  "openai responses stream": { ...cached(2_741, 743, 1_408), reasoningTokens: 311 },
  "openai embeddings": { inputTokens: 1_409, outputTokens: 0 },
  "anthropic message": { inputTokens: 3_109, outputTokens: 239 },
  "anthropic events": { inputTokens: 3_203, outputTokens: 241 },
  "anthropic stream": { inputTokens: 3_307, outputTokens: 251 },
  "anthropic tool call": { inputTokens: 3_413, outputTokens: 257 },
  "anthropic cached": { ...cached(4_517, 263, 2_003), cacheWriteTokens: 1_009 },
  "anthropic cached stream": { ...cached(4_621, 271, 2_111), cacheWriteTokens: 1_103 },
};

type Counts = Partial<TokenUsage> & { readonly inputTokens: number; readonly outputTokens: number };

function cached(inputTokens: number, outputTokens: number, cacheReadTokens: number): Counts {
  return { inputTokens, outputTokens, cacheReadTokens };
}

/** What the provider was asked and what it said that it used. */
export interface ProviderCall {
  readonly scenario: string;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
  readonly operation: "chat" | "embeddings";
  readonly model: string;
  readonly timeMs: number;
  readonly failed: boolean;
  /** `undefined` of a call that failed. */
  readonly usage: Counts | undefined;
}

function scenarioOf({ headers }: RecordedRequest): string {
  return headers[HEADER] ?? "unnamed";
}

/** How the fake provider answers. */
export function answerOf(request: RecordedRequest): ReplyScript {
  const scenario = scenarioOf(request);
  const status = statusOf(scenario);
  if (status !== undefined) return { status };
  const usage = PLAIN[scenario];
  const calls = scenario.endsWith("tool call")
    ? [{ name: "weather", arguments: { city: "Bern" } }]
    : [];
  return { ...(usage !== undefined && { usage }), toolCalls: calls };
}

function statusOf(scenario: string): number | undefined {
  const status = /\b([45]\d\d)\b/.exec(scenario)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The provider's own record of a request. */
export function providerCall(request: RecordedRequest): ProviderCall {
  const scenario = scenarioOf(request);
  const { model } = request.body;
  const failed = statusOf(scenario) !== undefined;
  return {
    scenario,
    provider: scenario.split(" ", 1)[0] ?? "",
    operation: request.api === "openai.embeddings" ? "embeddings" : "chat",
    model: typeof model === "string" ? model : "",
    timeMs: request.startedAtMs,
    failed,
    usage: failed ? undefined : PLAIN[scenario],
  };
}
