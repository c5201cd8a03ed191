import type { CallCost, ModelUsage, TokenUsage } from "@tollgate/core";

/** What a price depends on besides the usage. */
export interface PricedCall {
  /** `gen_ai.provider.name`, such as `openai` or `anthropic`. */
  readonly provider: string;
  /** The model that answered; the requested one when the answer names none. */
  readonly model: string | undefined;
  /** When the call was made, milliseconds since the epoch: prices change by date and hour. */
  readonly timeMs: number;
  readonly serviceTier?: string | undefined;
  /** Tokens of the same answer that are billed at other models' prices. */
  readonly additionalUsage?: readonly ModelUsage[] | undefined;
  /** What the provider says it billed, in whole nano-USD; wins over the catalogue. */
  readonly providerCostNanoUsd?: number | undefined;
}

/** How many tokens a call may use at the most, whatever they turn out to be. */
export interface BoundedCall {
  readonly provider: string;
  readonly model: string;
  readonly timeMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Prices calls. Pure and synchronous: all data is in memory. */
export interface Pricer {
  /** Version of the price data behind it, such as `genai-prices/0.1.8`. */
  readonly catalogueVersion: string;
  /**
   * The price of one call, rounded up once to whole nano-USD.
   *
   * Never throws: usage that makes no sense (more cached than input tokens) is priced as the dearer
   * reading, an unknown model or absent counts give `priceSource: "unpriced"`.
   */
  priceCall(usage: TokenUsage, call: PricedCall): CallCost;
  /**
   * No call with at most these tokens costs more, whatever is cached, spoken or shown: the dearest
   * price class for every token. Whole nano-USD; `undefined` when the model has no price.
   */
  priceBound(call: BoundedCall): number | undefined;
  /** Tokens that fit in the model's context, where the catalogue says so. */
  contextWindow(provider: string, model: string): number | undefined;
}
