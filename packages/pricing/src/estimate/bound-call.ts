import type { RequestFacts } from "@tollgate/core";
import type { Pricer } from "../pricer.ts";
import { choicesOf, termsOf, type EstimatedCall } from "./estimate-call.ts";

/**
 * Tokens that a provider may add to a request that offers tools, for the system prompt that comes with
 * them: Anthropic documents up to 735
 * (https://platform.claude.com/docs/en/about-claude/pricing, tool use).
 */
const ADDED_FOR_TOOLS = 1_024;

/** Else only what marks the messages, for which the JSON around them has more than enough bytes. */
const ADDED_INPUT_TOKENS = 32;

export interface BoundOptions extends EstimatedCall {
  /**
   * The budget's own cap on output tokens per choice, if it has one. It bounds the call only when the
   * caller sees to it that the request asks for no more.
   */
  readonly maxOutputTokens?: number | undefined;
}

/** The most a call may need, or why that cannot be said. */
export type EstimatedBound =
  | { readonly nanoUsd: number | undefined; readonly tokens: number }
  | { readonly unboundable: string };

/**
 * Bounds a call before it leaves. No tokenizer makes more tokens than there are bytes; the output is
 * at most the least of the request's limit, the budget's, and the model's context window.
 */
export function boundCall(pricer: Pricer, facts: RequestFacts, call: BoundOptions): EstimatedBound {
  if (facts.unboundable !== undefined) return { unboundable: facts.unboundable };
  const outputTokens = boundOutput(pricer, facts, call);
  if (outputTokens === undefined) {
    return {
      unboundable: "no limit on output tokens: set max_tokens or the policy's maxOutputTokens",
    };
  }
  const inputTokens =
    facts.bodyBytes + (facts.offersTools === false ? ADDED_INPUT_TOKENS : ADDED_FOR_TOOLS);
  const nanoUsd =
    facts.model === undefined
      ? undefined
      : pricer.priceBound({
          provider: call.provider,
          model: facts.model,
          timeMs: call.timeMs,
          inputTokens,
          outputTokens,
          ...termsOf(facts, call),
        });
  return { nanoUsd, tokens: inputTokens + outputTokens };
}

function boundOutput(pricer: Pricer, facts: RequestFacts, call: BoundOptions): number | undefined {
  if (call.operation === "embeddings") return 0;
  const contextWindow =
    facts.model === undefined ? undefined : pricer.contextWindow(call.provider, facts.model);
  const limits = [facts.maxOutputTokens, call.maxOutputTokens, contextWindow].filter(
    (limit) => limit !== undefined,
  );
  return limits.length === 0 ? undefined : Math.min(...limits) * choicesOf(facts);
}
