import { scaleBy, type Ratio } from "./decimal.ts";

/**
 * Pico-USD (10⁻¹² USD) for one unit: for tokens a whole number for every price per million with up to six
 * decimals. `undefined` means that there is no price, which is not free.
 */
export type PicoUsd = number | undefined;

/** What one token of each class costs. Classes without a price of their own have their parent's. */
export interface Rates {
  readonly input: PicoUsd;
  readonly cacheRead: PicoUsd;
  readonly cacheWrite: PicoUsd;
  readonly cacheWrite1h: PicoUsd;
  readonly audioInput: PicoUsd;
  readonly audioCacheRead: PicoUsd;
  readonly imageInput: PicoUsd;
  readonly imageCacheRead: PicoUsd;
  readonly videoInput: PicoUsd;
  readonly output: PicoUsd;
  readonly reasoning: PicoUsd;
  readonly audioOutput: PicoUsd;
  readonly imageOutput: PicoUsd;
}

/** Rates that hold once the input is longer than a threshold. */
export interface RateTier {
  readonly aboveInputTokens: number;
  readonly rates: Rates;
}

/** What is billed one by one, besides tokens. */
export interface Fees {
  readonly request: PicoUsd;
  readonly webSearch: PicoUsd;
  readonly fileSearch: PicoUsd;
  readonly codeExecution: PicoUsd;
  readonly searchUnit: PicoUsd;
  readonly outputImage: PicoUsd;
  readonly audioHour: PicoUsd;
  readonly inputCharacter: PicoUsd;
  readonly inputPage: PicoUsd;
}

export const NO_FEES: Fees = {
  request: undefined,
  webSearch: undefined,
  fileSearch: undefined,
  codeExecution: undefined,
  searchUnit: undefined,
  outputImage: undefined,
  audioHour: undefined,
  inputCharacter: undefined,
  inputPage: undefined,
};

/**
 * What a tier is the price of: the whole request once its input is longer than the threshold, or only
 * the input tokens beyond the threshold.
 */
export type TierMode = "request" | "marginal";

/** All prices of a model at one moment. */
export interface PriceTable {
  /** Ascending by threshold; the first holds from zero tokens on. */
  readonly tiers: readonly [RateTier, ...RateTier[]];
  readonly tierMode: TierMode;
  readonly fees: Fees;
  /** Shorter audio is billed as if it had this length. */
  readonly minAudioSeconds?: number | undefined;
}

/** Threshold of a tier that always holds. */
export const FROM_ZERO: number = -1;

/**
 * Cache writes of Claude models as multiples of the input price, where the price data has no price
 * for them: https://platform.claude.com/docs/en/about-claude/pricing, prompt caching, in force
 * since the one-hour cache came out in May 2025.
 */
const CLAUDE_CACHE_WRITE = { fiveMinutes: [5, 4], oneHour: [2, 1] } as const satisfies Record<
  string,
  Ratio
>;

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
    videoInput: listed.videoInput ?? input,
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
    cacheWrite: listed.cacheWrite ?? scaleBy(input, CLAUDE_CACHE_WRITE.fiveMinutes),
    cacheWrite1h: listed.cacheWrite1h ?? scaleBy(input, CLAUDE_CACHE_WRITE.oneHour),
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

/** True when no token and no unit has a price. */
export function isEmptyTable({ tiers: [{ rates }], fees }: PriceTable): boolean {
  return ![...Object.values(rates), ...Object.values(fees)].some((price) => price !== undefined);
}

/** By how much prices of tokens change; fees stay. */
export interface Scaling {
  readonly tokens: Ratio;
  /** Where tokens read from a cache change by another ratio. */
  readonly cacheReads?: Ratio | undefined;
  /** Fees change too: a discount on the whole bill. */
  readonly fees?: Ratio | undefined;
}

const CACHE_READ_RATES: ReadonlySet<string> = new Set([
  "cacheRead",
  "audioCacheRead",
  "imageCacheRead",
]);

export function scaleTable(table: PriceTable, scaling: Scaling): PriceTable {
  const [first, ...others] = table.tiers;
  const scaleTier = ({ aboveInputTokens, rates }: RateTier): RateTier => ({
    aboveInputTokens,
    rates: mapPrices(rates, (price, name) =>
      scaleBy(price, (CACHE_READ_RATES.has(name) && scaling.cacheReads) || scaling.tokens),
    ),
  });
  const { fees } = scaling;
  return {
    ...table,
    tiers: [scaleTier(first), ...others.map(scaleTier)],
    fees: fees === undefined ? table.fees : mapPrices(table.fees, (price) => scaleBy(price, fees)),
  };
}

function mapPrices<Prices extends Rates | Fees>(
  prices: Prices,
  change: (price: number, name: string) => number,
): Prices {
  const changed = { ...prices };
  let name: keyof Prices;
  for (name in prices) {
    const price: unknown = prices[name];
    if (typeof price === "number") Object.assign(changed, { [name]: change(price, name) });
  }
  return changed;
}
