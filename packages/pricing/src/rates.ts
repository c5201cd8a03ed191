/**
 * Pico-USD (10⁻¹² USD) for one token: a whole number for every price per million tokens with up to
 * six decimals. `undefined` means that there is no price, which is not free.
 */
type PicoUsdPerToken = number | undefined;

/** What one token of each class costs. Classes without a price of their own have their parent's. */
export interface Rates {
  readonly input: PicoUsdPerToken;
  readonly cacheRead: PicoUsdPerToken;
  readonly cacheWrite: PicoUsdPerToken;
  readonly cacheWrite1h: PicoUsdPerToken;
  readonly audioInput: PicoUsdPerToken;
  readonly audioCacheRead: PicoUsdPerToken;
  readonly imageInput: PicoUsdPerToken;
  readonly imageCacheRead: PicoUsdPerToken;
  readonly output: PicoUsdPerToken;
  readonly reasoning: PicoUsdPerToken;
  readonly audioOutput: PicoUsdPerToken;
  readonly imageOutput: PicoUsdPerToken;
}

/** Rates that hold for a whole request once its input is longer than a threshold. */
export interface RateTier {
  readonly aboveInputTokens: number;
  readonly rates: Rates;
}

/** All prices of a model at one moment. */
export interface PriceTable {
  /** Ascending by threshold; the first holds from zero tokens on. */
  readonly tiers: readonly [RateTier, ...RateTier[]];
  readonly picoUsdPerRequest: number;
  readonly picoUsdPerWebSearch: number | undefined;
}

/** Threshold of a tier that always holds. */
export const FROM_ZERO: number = -1;

/**
 * Cache writes of Claude models as multiples of the input price, where the price data has no price
 * for them: https://platform.claude.com/docs/en/about-claude/pricing, prompt caching, in force
 * since the one-hour cache came out in May 2025.
 */
const CLAUDE_CACHE_WRITE = { fiveMinutes: 1.25, oneHour: 2 } as const;

/** Fills in what a price list leaves to its readers. */
export function completeRates(listed: Partial<Rates>, model: string): Rates {
  const { input, output } = listed;
  const cacheRead = listed.cacheRead ?? input;
  return {
    input,
    cacheRead,
    ...completeCacheWrites(listed, model),
    audioInput: listed.audioInput ?? input,
    audioCacheRead: listed.audioCacheRead ?? cacheRead,
    imageInput: listed.imageInput ?? input,
    imageCacheRead: listed.imageCacheRead ?? cacheRead,
    output,
    reasoning: listed.reasoning ?? output,
    audioOutput: listed.audioOutput ?? output,
    imageOutput: listed.imageOutput ?? output,
  };
}

function completeCacheWrites(
  listed: Partial<Rates>,
  model: string,
): Pick<Rates, "cacheWrite" | "cacheWrite1h"> {
  const { input, cacheWrite = input, cacheWrite1h = cacheWrite } = listed;
  if (input === undefined || !model.toLowerCase().includes("claude")) {
    return { cacheWrite, cacheWrite1h };
  }
  return {
    cacheWrite: listed.cacheWrite ?? Math.ceil(input * CLAUDE_CACHE_WRITE.fiveMinutes),
    cacheWrite1h: listed.cacheWrite1h ?? Math.ceil(input * CLAUDE_CACHE_WRITE.oneHour),
  };
}

/** The rates for a request with this much input. */
export function ratesFor(table: PriceTable, inputTokens: number): Rates {
  let { rates } = table.tiers[0];
  for (const tier of table.tiers) {
    if (inputTokens > tier.aboveInputTokens) rates = tier.rates;
  }
  return rates;
}
