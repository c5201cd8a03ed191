import type { GenAiOperation, RequestFacts } from "@tollgate/core";
import type { BillingTerms } from "../billing-terms.ts";
import type { Pricer } from "../pricer.ts";
import { estimateTokens } from "./estimate-usage.ts";
import type { SizeRatios } from "./learned-ratios.ts";

/** A usual answer; few use the length they may. */
export const USUAL_OUTPUT_TOKENS = 1_024;

export interface EstimatedCall {
  readonly provider: string;
  /** Where the call is to be processed, where that is not in the request. */
  readonly region?: string | undefined;
  /** When the call is made, milliseconds since the epoch. */
  readonly timeMs: number;
  /** `embeddings` have no output tokens. @defaultValue `chat` */
  readonly operation?: GenAiOperation | undefined;
}

/** What a call will probably need. */
export interface CallEstimate {
  /** Whole nano-USD; `undefined` when the model has no price. */
  readonly nanoUsd: number | undefined;
  /** Input and output tokens together. */
  readonly tokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Estimates a call before it leaves: input from its size, output of a usual length.
 *
 * @param ratios - what was learned of such calls. @defaultValue nothing
 */
export function estimateCall(
  pricer: Pricer,
  facts: RequestFacts,
  call: EstimatedCall,
  ratios?: SizeRatios,
): CallEstimate {
  const inputTokens = estimateTokens(facts.bodyBytes, ratios?.input);
  const perChoice = Math.min(facts.maxOutputTokens ?? USUAL_OUTPUT_TOKENS, USUAL_OUTPUT_TOKENS);
  const outputTokens = call.operation === "embeddings" ? 0 : perChoice * choicesOf(facts);
  const { totalNanoUsd } = pricer.priceCall(
    { inputTokens, outputTokens },
    { provider: call.provider, model: facts.model, timeMs: call.timeMs, ...termsOf(facts, call) },
  );
  return { nanoUsd: totalNanoUsd, tokens: inputTokens + outputTokens, inputTokens, outputTokens };
}

/** The terms that a request asks for. */
export function termsOf(facts: RequestFacts, call: EstimatedCall): BillingTerms {
  const { serviceTier, speed, region = call.region } = facts;
  return { serviceTier, speed, region };
}

/** A request for no answer at all still gets one. */
export function choicesOf(facts: RequestFacts): number {
  return Math.max(1, facts.choices);
}
