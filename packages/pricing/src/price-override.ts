import type { Tier } from "./billing-terms.ts";
import type { UsdPrice } from "./decimal.ts";
import type { ListedPrices } from "./listed-prices.ts";

/** What a model of your own costs by the hour. */
export interface SelfHosted {
  /** US dollars for an hour of one GPU. */
  readonly usdPerGpuHour: UsdPrice;
  /** How many GPUs serve the model. @defaultValue 1 */
  readonly gpus?: number | undefined;
  /** Tokens per second that all of them make together under your usual load. */
  readonly tokensPerSecond: number;
  /** Input tokens per second that they read. @defaultValue `tokensPerSecond` */
  readonly inputTokensPerSecond?: number | undefined;
}

/**
 * What a model costs you: a contract, a model of your own, a price that changed. Beats what a provider
 * says it billed, and the catalogue. Needs `inputPerMtok` and `outputPerMtok`, fees, `selfHosted`, or
 * `discountPercent` alone, which is off the catalogue's price.
 */
export interface PriceOverride extends ListedPrices {
  /** `gen_ai.provider.name`, such as `openai` or `azure.ai.openai`. */
  readonly provider: string;
  /** A model id, or a pattern in which `*` stands for any characters. Letter case does not matter. */
  readonly model: string;
  /** For this service tier only. @defaultValue all tiers, at these very prices */
  readonly serviceTier?: Tier | undefined;
  readonly selfHosted?: SelfHosted | undefined;
  /** Per cent off these prices, or off the catalogue's where there are none; 0 to 100. */
  readonly discountPercent?: UsdPrice | undefined;
  /** A day or moment in UTC, `2026-01-01` or `2026-01-01T08:00:00Z`. @defaultValue always */
  readonly effectiveFrom?: string | undefined;
  /** The first day or moment at which it no longer holds. @defaultValue never */
  readonly effectiveUntil?: string | undefined;
  /** For people: the contract, the exchange rate and its day. All prices are US dollars. */
  readonly note?: string | undefined;
}
