import { TollgateError } from "@tollgate/core";
import type { BillingTerms } from "../billing-terms.ts";
import type { Pricer } from "../pricer.ts";
import { countTokens } from "./count-tokens.ts";
import { USUAL_OUTPUT_TOKENS } from "./estimate-call.ts";
import type { Estimator } from "./estimator.ts";

/** A call that may be made. Needs `inputText` or `inputTokens`; the latter wins. */
export interface PlannedCall extends BillingTerms {
  /** `gen_ai.provider.name`, such as `openai` or `anthropic`. */
  readonly provider: string;
  readonly model: string;
  /** Everything that would be sent: prompts, history, tool definitions. */
  readonly inputText?: string | undefined;
  readonly inputTokens?: number | undefined;
  /** The request's limit on output tokens. */
  readonly maxOutputTokens?: number | undefined;
  /** When it would be made, milliseconds since the epoch. @defaultValue now */
  readonly timeMs?: number | undefined;
  /** Factors learned of finished calls. @defaultValue none */
  readonly estimator?: Estimator | undefined;
}

/** What a planned call would cost. Estimates, not a bound: see `priceBound` for that. */
export interface CostEstimate {
  readonly inputTokens: number;
  /** A usual answer: 1,024 tokens, or the limit where that is less. */
  readonly outputTokens: number;
  /** Whole nano-USD with a usual answer; `undefined` when the model has no price. */
  readonly nanoUsd: number | undefined;
  /** With an answer that uses the whole limit; `undefined` without a limit or a price. */
  readonly nanoUsdAtLimit: number | undefined;
}

/**
 * Estimates what a call would cost before it is made.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when neither text nor a whole number of tokens is given.
 */
export function estimateCost(pricer: Pricer, call: PlannedCall): CostEstimate {
  const { maxOutputTokens, timeMs = Date.now() } = call;
  const inputTokens = inputOf(call);
  checkTokens("maxOutputTokens", maxOutputTokens);
  const outputTokens = Math.min(maxOutputTokens ?? USUAL_OUTPUT_TOKENS, USUAL_OUTPUT_TOKENS);
  const price = (output: number): number | undefined =>
    pricer.priceCall({ inputTokens, outputTokens: output }, { ...call, timeMs }).totalNanoUsd;
  return {
    inputTokens,
    outputTokens,
    nanoUsd: price(outputTokens),
    nanoUsdAtLimit: maxOutputTokens === undefined ? undefined : price(maxOutputTokens),
  };
}

function inputOf({ inputTokens, inputText, model, estimator }: PlannedCall): number {
  checkTokens("inputTokens", inputTokens);
  if (inputTokens !== undefined) return inputTokens;
  if (inputText !== undefined) return countTokens(inputText, model, estimator);
  throw new TollgateError(
    "TOLLGATE_CONFIG_INVALID",
    "estimateCost: neither inputText nor inputTokens is given; give one of them",
  );
}

function checkTokens(name: string, tokens: number | undefined): void {
  if (tokens === undefined || (Number.isSafeInteger(tokens) && tokens >= 0)) return;
  throw new TollgateError(
    "TOLLGATE_CONFIG_INVALID",
    `estimateCost: ${name} is ${tokens}; give a whole number from 0 on`,
  );
}
