import type { CatalogueModel, ConditionalPrice, ModelPrice } from "./catalogue-format.ts";
import { completeRates, FROM_ZERO, isEmptyTable, NO_FEES } from "./rates.ts";
import type { Fees, PicoUsd, PriceTable, Rates, RateTier } from "./rates.ts";
import { readCondition, type PriceOrigin, type PriceSchedule } from "./schedule.ts";

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
  ["videoInput", "input_video_mtok"],
  ["output", "output_mtok"],
  ["reasoning", "output_reasoning_mtok"],
  ["audioOutput", "output_audio_mtok"],
  ["imageOutput", "output_image_mtok"],
] as const satisfies readonly (readonly [keyof Rates, string])[];

/** What is billed one by one, the catalogue's keys, and pico-USD per unit for a dollar there. */
const FEE_KEYS = [
  ["request", "requests_kcount", 1e9],
  ["webSearch", "web_searches_kcount", 1e9],
  ["fileSearch", "storage_searches_kcount", 1e9],
  ["codeExecution", "code_executions_kcount", 1e9],
  ["searchUnit", "rerank_searches_kcount", 1e9],
  ["inputCharacter", "input_mchars", 1e6],
  ["audioHour", "input_audio_hours", 1e12],
  ["inputPage", "input_document_kpages", 1e9],
] as const satisfies readonly (readonly [keyof Fees, string, number])[];

/**
 * Groq bills no less than ten seconds of speech per request: https://groq.com/pricing, automatic speech
 * recognition.
 */
const MIN_AUDIO_SECONDS: ReadonlyMap<string, number> = new Map([
  ["whisper-large-v3", 10],
  ["whisper-large-v3-turbo", 10],
]);

/**
 * US dollars to whole pico-USD. The decimal digits of the catalogue count, not the binary fraction
 * behind them; what is finer than a pico-USD (a twelfth of a dollar per million) is rounded up.
 */
function picoUsd(usd: unknown, picoPerUnit: number): PicoUsd {
  if (typeof usd !== "number" || !(usd >= 0 && usd < 1e9)) return undefined;
  return Math.ceil(Number((usd * picoPerUnit).toPrecision(15)));
}

function rateAt(price: ModelPrice[string], inputTokens: number): PicoUsd {
  if (typeof price !== "object") return picoUsd(price, 1e6);
  let usdPerMtok = price.base;
  for (const tier of price.tiers.toSorted((a, b) => a.start - b.start)) {
    if (tier.start <= inputTokens) usdPerMtok = tier.price;
  }
  return picoUsd(usdPerMtok, 1e6);
}

function tierAbove(prices: ModelPrice, model: string, aboveInputTokens: number): RateTier {
  const listed: { -readonly [Name in keyof Rates]?: PicoUsd } = {};
  for (const [name, key] of RATE_KEYS) listed[name] = rateAt(prices[key], aboveInputTokens);
  return { aboveInputTokens, rates: completeRates(listed, model) };
}

/**
 * Fees of tools that the catalogue has no key for, by its id of the provider. OpenAI's is for a container:
 * https://openai.com/index/new-tools-and-features-in-the-responses-api/ of 21 May 2025, read in a copy on
 * 2026-11-22; those with more memory than a gigabyte may cost more.
 */
const TOOL_FEES: Readonly<Record<string, Partial<Fees>>> = {
  openai: { codeExecution: 30_000_000_000 },
};

function readFees(prices: ModelPrice, providerId: string): Fees {
  const fees: { -readonly [Name in keyof Fees]: PicoUsd } = {
    ...NO_FEES,
    ...TOOL_FEES[providerId],
  };
  for (const [name, key, picoPerUnit] of FEE_KEYS) {
    fees[name] = picoUsd(prices[key], picoPerUnit) ?? fees[name];
  }
  return fees;
}

/** `undefined` when nothing that an answer reports is priced. */
function readTable(prices: ModelPrice, model: string, providerId: string): PriceTable | undefined {
  // The catalogue writes "free" and "not known" both as an empty list; the id tells them apart.
  const listed =
    Object.keys(prices).length === 0 && model.endsWith(":free")
      ? { input_mtok: 0, output_mtok: 0 }
      : prices;
  const thresholds = new Set<number>();
  for (const [, key] of RATE_KEYS) {
    const price = listed[key];
    if (typeof price === "object") for (const tier of price.tiers) thresholds.add(tier.start);
  }
  const above = [...thresholds]
    .toSorted((a, b) => a - b)
    .map((threshold) => tierAbove(listed, model, threshold));
  const table: PriceTable = {
    tiers: [tierAbove(listed, model, FROM_ZERO), ...above],
    tierMode: "request",
    fees: readFees(listed, providerId),
    minAudioSeconds: MIN_AUDIO_SECONDS.get(model),
  };
  return Object.keys(listed).length === 0 || isEmptyTable(table) ? undefined : table;
}

/** All prices of a model in the catalogue, ready for whole-number arithmetic. */
export function readSchedule(
  info: CatalogueModel,
  providerId: string,
  origin: PriceOrigin,
): PriceSchedule {
  const entries: readonly ConditionalPrice[] = isConditional(info.prices)
    ? info.prices
    : [{ prices: info.prices }];
  return entries.map(({ constraint, prices }, index) => ({
    // Before any condition holds the first price does.
    condition: index === 0 ? {} : readCondition(constraint),
    table: readTable(prices, info.id, providerId),
    origin,
  }));
}

function isConditional(prices: CatalogueModel["prices"]): prices is readonly ConditionalPrice[] {
  return Array.isArray(prices);
}
