import { scaleUsd, type UsdPrice } from "./decimal.ts";
import { completeRates, FROM_ZERO, NO_FEES } from "./rates.ts";
import type { Fees, PicoUsd, PriceTable, Rates, TierMode } from "./rates.ts";

/** Prices per million tokens, in US dollars. */
export interface TokenPrices {
  /** US dollars per million input tokens. */
  readonly inputPerMtok?: UsdPrice | undefined;
  /** US dollars per million output tokens. */
  readonly outputPerMtok?: UsdPrice | undefined;
  /** US dollars per million input tokens read from a cache. @defaultValue `inputPerMtok` */
  readonly cacheReadPerMtok?: UsdPrice | undefined;
  /**
   * US dollars per million input tokens written to a cache.
   *
   * @defaultValue `inputPerMtok`; for Claude models 1.25 times that, as Anthropic charges.
   */
  readonly cacheWritePerMtok?: UsdPrice | undefined;
  /**
   * US dollars per million input tokens written to a one-hour cache.
   *
   * @defaultValue `cacheWritePerMtok`; for Claude models twice `inputPerMtok`, as Anthropic charges.
   */
  readonly cacheWrite1hPerMtok?: UsdPrice | undefined;
  /** US dollars per million output tokens spent on reasoning. @defaultValue `outputPerMtok` */
  readonly reasoningPerMtok?: UsdPrice | undefined;
  /** US dollars per million input tokens of audio. @defaultValue `inputPerMtok` */
  readonly audioInputPerMtok?: UsdPrice | undefined;
  /** US dollars per million tokens of audio read from a cache. @defaultValue `cacheReadPerMtok` */
  readonly audioCacheReadPerMtok?: UsdPrice | undefined;
  /** US dollars per million output tokens of audio. @defaultValue `outputPerMtok` */
  readonly audioOutputPerMtok?: UsdPrice | undefined;
  /** US dollars per million input tokens of images. @defaultValue `inputPerMtok` */
  readonly imageInputPerMtok?: UsdPrice | undefined;
  /** US dollars per million tokens of images read from a cache. @defaultValue `cacheReadPerMtok` */
  readonly imageCacheReadPerMtok?: UsdPrice | undefined;
  /** US dollars per million output tokens of images. @defaultValue `outputPerMtok` */
  readonly imageOutputPerMtok?: UsdPrice | undefined;
  /** US dollars per million input tokens of video. @defaultValue `inputPerMtok` */
  readonly videoInputPerMtok?: UsdPrice | undefined;
}

/** Prices for long input; what it leaves out is as below it. */
export interface PriceTier extends TokenPrices {
  /** Holds for requests with more input tokens than this, cached ones included. */
  readonly aboveInputTokens: number;
}

/** Fees, in US dollars, for what is billed one by one. */
export interface UnitPrices {
  /** US dollars for every request, on top of its tokens. @defaultValue 0 */
  readonly perRequest?: UsdPrice | undefined;
  /** US dollars for each web search that the provider runs. */
  readonly perWebSearch?: UsdPrice | undefined;
  /** US dollars for each search in files that the provider keeps. */
  readonly perFileSearch?: UsdPrice | undefined;
  /** US dollars for each sandbox in which the provider runs code. */
  readonly perCodeExecution?: UsdPrice | undefined;
  /** US dollars for each search of a reranker. */
  readonly perSearchUnit?: UsdPrice | undefined;
  /** US dollars for each image made. */
  readonly perImage?: UsdPrice | undefined;
  /** US dollars for each hour of audio. */
  readonly perAudioHour?: UsdPrice | undefined;
  /** US dollars for a million characters of input. */
  readonly perMillionCharacters?: UsdPrice | undefined;
  /** US dollars for each page read. */
  readonly perPage?: UsdPrice | undefined;
}

/** All prices of a model, as a person writes them. */
export interface ListedPrices extends TokenPrices, UnitPrices {
  /** Prices for long input, in any order. */
  readonly tiers?: readonly PriceTier[] | undefined;
  /** Whether a tier is for the whole request or for the tokens beyond it. @defaultValue `request` */
  readonly tierMode?: TierMode | undefined;
}

/** The keys of prices per million tokens and the classes that they price. */
export const TOKEN_PRICE_KEYS: Readonly<Record<keyof TokenPrices, keyof Rates>> = {
  inputPerMtok: "input",
  outputPerMtok: "output",
  cacheReadPerMtok: "cacheRead",
  cacheWritePerMtok: "cacheWrite",
  cacheWrite1hPerMtok: "cacheWrite1h",
  reasoningPerMtok: "reasoning",
  audioInputPerMtok: "audioInput",
  audioCacheReadPerMtok: "audioCacheRead",
  audioOutputPerMtok: "audioOutput",
  imageInputPerMtok: "imageInput",
  imageCacheReadPerMtok: "imageCacheRead",
  imageOutputPerMtok: "imageOutput",
  videoInputPerMtok: "videoInput",
};

/** The keys of fees, what they price, and how many units a price is for. */
export const UNIT_PRICE_KEYS: Readonly<
  Record<keyof UnitPrices, readonly [name: keyof Fees, units: number]>
> = {
  perRequest: ["request", 1],
  perWebSearch: ["webSearch", 1],
  perFileSearch: ["fileSearch", 1],
  perCodeExecution: ["codeExecution", 1],
  perSearchUnit: ["searchUnit", 1],
  perImage: ["outputImage", 1],
  perAudioHour: ["audioHour", 1],
  perMillionCharacters: ["inputCharacter", 1_000_000],
  perPage: ["inputPage", 1],
};

/** Ready for whole-number arithmetic. @param model - decides on what a list leaves to its readers. */
export function tableOf(prices: ListedPrices, model: string): PriceTable {
  const tiers = (prices.tiers ?? []).toSorted((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  let below: TokenPrices = prices;
  const above = tiers.map((tier) => {
    below = { ...below, ...tier };
    return { aboveInputTokens: tier.aboveInputTokens, rates: ratesOf(below, model) };
  });
  return {
    tiers: [{ aboveInputTokens: FROM_ZERO, rates: ratesOf(prices, model) }, ...above],
    tierMode: prices.tierMode ?? "request",
    fees: feesOf(prices),
  };
}

function ratesOf(prices: TokenPrices, model: string): Rates {
  const listed: { -readonly [Name in keyof Rates]?: PicoUsd } = {};
  let key: keyof TokenPrices;
  for (key in TOKEN_PRICE_KEYS) {
    const usd = prices[key];
    if (usd !== undefined) listed[TOKEN_PRICE_KEYS[key]] = scaleUsd(usd, 6);
  }
  return completeRates(listed, model);
}

function feesOf(prices: UnitPrices): Fees {
  const fees: { -readonly [Name in keyof Fees]: PicoUsd } = { ...NO_FEES };
  let key: keyof UnitPrices;
  for (key in UNIT_PRICE_KEYS) {
    const usd = prices[key];
    const [name, units] = UNIT_PRICE_KEYS[key];
    if (usd !== undefined) fees[name] = Math.ceil(scaleUsd(usd, 12) / units);
  }
  return fees;
}
