import type { RequestFacts, ResponseFacts } from "@tollgate/core";
import { createEstimator } from "./estimator.ts";
import { estimateTokens } from "./estimate-usage.ts";

/** By how much the sizes of a request and an answer are off as a measure of tokens. */
export interface SizeRatios {
  /** Factor on a quarter of the request's bytes. */
  readonly input: number;
  /** Factor on a quarter of the answer's characters. */
  readonly output: number;
}

/** Learns, from calls whose provider reported its counts, how to estimate those that did not. */
export interface LearnedRatios {
  ratiosOf(provider: string, model: string | undefined): SizeRatios;
  learn(provider: string, request: RequestFacts, response: ResponseFacts): void;
}

export function createLearnedRatios(): LearnedRatios {
  const input = createEstimator();
  const output = createEstimator();
  return {
    ratiosOf(provider, model) {
      const key = keyOf(provider, model);
      return { input: input.factor(key), output: output.factor(key) };
    },
    learn(provider, request, { complete, usage, outputChars }) {
      if (!complete || usage === undefined) return;
      const key = keyOf(provider, request.model);
      const { inputTokens, outputTokens } = usage;
      // Where the body does not hold the input (files, stored context), its size teaches nothing.
      if (inputTokens !== undefined && request.unboundable === undefined) {
        input.learn(key, estimateTokens(request.bodyBytes), inputTokens);
      }
      // Hidden reasoning is no text that was seen.
      if (outputTokens !== undefined) {
        output.learn(key, estimateTokens(outputChars), outputTokens - (usage.reasoningTokens ?? 0));
      }
    },
  };
}

/** Providers wrap the same model in different templates. */
function keyOf(provider: string, model: string | undefined): string {
  return model === undefined ? provider : `${provider}:${model}`;
}
