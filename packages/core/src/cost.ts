/**
 * What a part of a price is for; the values of the `tollgate.cost.type` attribute.
 *
 * `cache_write_1h` are writes that a provider keeps for an hour at a price of their own (Anthropic);
 * `cache_write` are all others. `tool` are fees of tools that the provider runs; `request` is a fee of
 * the call itself, or a bill that cannot be split.
 */
export type CostType =
  | "input"
  | "output"
  | "cache_read"
  | "cache_write"
  | "cache_write_1h"
  | "audio_input"
  | "audio_output"
  | "image_input"
  | "image_output"
  | "tool"
  | "request";

/**
 * Where a price came from, most trusted first. `fallback` is the price that was given for models without one:
 * a guess, counted among the unpriced. `sender`: whoever sent the telemetry of the call said what it cost.
 */
export type PriceSource =
  | "override"
  | "provider"
  | "sender"
  | "catalogue"
  | "fallback"
  | "unpriced";

/**
 * How a model id found its price. `exact`: under its own name, a dated snapshot of it or its place in a
 * cloud. `prefix`: only its family is known, so that a sibling's price may have been taken.
 */
export type PriceMatch = "exact" | "prefix" | "override";

/** The price of one call. */
export interface CallCost {
  /** Whole nano-USD, rounded up once per call; `undefined` when unpriced, which is not zero. */
  readonly totalNanoUsd: number | undefined;
  /** Whole nano-USD; they add up to `totalNanoUsd` exactly. */
  readonly parts: Readonly<Partial<Record<CostType, number>>>;
  readonly priceSource: PriceSource;
  /**
   * True when something billable had no price or no count: the total is that of the rest, and the
   * bill is higher.
   */
  readonly partial?: boolean | undefined;
  /** The catalogue's or the override's name of the model whose price was used. */
  readonly pricedModel?: string | undefined;
  readonly match?: PriceMatch | undefined;
  /** Version of the price data, such as `genai-prices/0.1.8`. */
  readonly catalogueVersion?: string | undefined;
  /** The day that the price data is of, such as `2026-09-23`. */
  readonly catalogueDate?: string | undefined;
}

/** A call whose model, provider or usage has no price. */
export const UNPRICED: CallCost = { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" };
