import type { CatalogueModel, ConditionalPrice, ModelPrice } from "./catalogue-data.ts";
import { completeRates, FROM_ZERO, type PriceTable, type Rates, type RateTier } from "./rates.ts";
import { readCondition, type PriceSchedule } from "./schedule.ts";

/** The classes of tokens and the catalogue's keys for their prices per million. */
const RATE_KEYS = [
  ["input", "input_mtok"],
  ["cacheRead", "cache_read_mtok"],
  ["cacheWrite", "cache_write_mtok"],
  ["cacheWrite1h", "cache_write_1h_mtok"],
  ["audioInput", "input_audio_mtok"],
  ["audioCacheRead", "cache_audio_read_mtok"],
  ["imageInput", "input_image_mtok"],
  ["imageCacheRead", "cache_image_read_mtok"],
  ["output", "output_mtok"],
  ["reasoning", "output_reasoning_mtok"],
  ["audioOutput", "output_audio_mtok"],
  ["imageOutput", "output_image_mtok"],
] as const satisfies readonly (readonly [keyof Rates, string])[];

/**
 * US dollars to whole pico-USD. The decimal digits of the catalogue count, not the binary fraction
 * behind them; what is finer than a pico-USD (a twelfth of a dollar per million) is rounded up.
 */
function picoUsd(usd: number, picoPerUnit: number): number {
  return Math.ceil(Number((usd * picoPerUnit).toPrecision(15)));
}

function rateAt(price: ModelPrice[string], inputTokens: number): number | undefined {
  if (price === undefined) return undefined;
  if (typeof price === "number") return picoUsd(price, 1e6);
  let usdPerMtok = price.base;
  for (const tier of price.tiers.toSorted((a, b) => a.start - b.start)) {
    if (tier.start <= inputTokens) usdPerMtok = tier.price;
  }
  return picoUsd(usdPerMtok, 1e6);
}

function feeOf(price: ModelPrice[string]): number | undefined {
  return typeof price === "number" ? picoUsd(price, 1e9) : undefined;
}

function tierAbove(prices: ModelPrice, model: string, aboveInputTokens: number): RateTier {
  const listed: { -readonly [Name in keyof Rates]?: number | undefined } = {};
  for (const [name, key] of RATE_KEYS) listed[name] = rateAt(prices[key], aboveInputTokens);
  return { aboveInputTokens, rates: completeRates(listed, model) };
}

/** `undefined` when nothing that an answer reports is priced (only hours, pages or characters). */
function readTable(prices: ModelPrice, model: string): PriceTable | undefined {
  // The catalogue writes "free" and "not known" both as an empty list; the id tells them apart.
  const listed =
    Object.keys(prices).length === 0 && model.endsWith(":free")
      ? { input_mtok: 0, output_mtok: 0 }
      : prices;
  const base = tierAbove(listed, model, FROM_ZERO);
  if (base.rates.input === undefined && base.rates.output === undefined) return undefined;
  const thresholds = new Set<number>();
  for (const [, key] of RATE_KEYS) {
    const price = listed[key];
    if (typeof price === "object") for (const tier of price.tiers) thresholds.add(tier.start);
  }
  const above = [...thresholds]
    .toSorted((a, b) => a - b)
    .map((threshold) => tierAbove(listed, model, threshold));
  return {
    tiers: [base, ...above],
    picoUsdPerRequest: feeOf(listed["requests_kcount"]) ?? 0,
    picoUsdPerWebSearch: feeOf(listed["web_searches_kcount"]),
  };
}

/** All prices of a model in the catalogue, ready for whole-number arithmetic. */
export function readSchedule(info: CatalogueModel): PriceSchedule {
  const entries: readonly ConditionalPrice[] = Array.isArray(info.prices)
    ? info.prices
    : [{ prices: info.prices }];
  return entries.map(({ constraint, prices }) => ({
    condition: readCondition(constraint),
    table: readTable(prices, info.id),
  }));
}
