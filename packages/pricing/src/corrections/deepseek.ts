import type { ListedPrices } from "../listed-prices.ts";
import type { PriceCorrection } from "./correction.ts";

const PRICING = "https://api-docs.deepseek.com/quick_start/pricing";
const DETAILS = "https://api-docs.deepseek.com/quick_start/pricing-details-usd";
const CHECKED = { provider: "deepseek", checkedOn: "2026-11-22" } as const;

const STALE = "the catalogue has the prices of early 2025, when nights were cheap, for all time";
const WEEKENDS = "the catalogue cannot say that weekends are off-peak, nor peaks from a day on";

function rates(
  cacheReadPerMtok: string,
  inputPerMtok: string,
  outputPerMtok: string,
): ListedPrices {
  return { cacheReadPerMtok, inputPerMtok, outputPerMtok };
}

const BOTH = ["deepseek-chat", "deepseek-reasoner"] as const;

/** `deepseek-chat` and `deepseek-reasoner` name whatever model is current. */
const ALIASES: readonly PriceCorrection[] = [
  {
    ...CHECKED,
    models: ["deepseek-chat"],
    prices: rates("0.014", "0.14", "0.28"),
    source: "https://api-docs.deepseek.com/news/news1226",
    reason: STALE,
  },
  {
    ...CHECKED,
    models: ["deepseek-reasoner"],
    prices: rates("0.14", "0.55", "2.19"),
    source: DETAILS,
    reason: STALE,
  },
  {
    ...CHECKED,
    models: ["deepseek-chat"],
    effectiveFrom: "2025-02-08T16:00:00Z",
    prices: rates("0.07", "0.27", "1.10"),
    source: DETAILS,
    reason: STALE,
  },
  {
    ...CHECKED,
    models: ["deepseek-chat"],
    effectiveFrom: "2025-02-26T16:30:00Z",
    effectiveUntil: "2025-09-05T16:00:00Z",
    daily: { from: "16:30", to: "00:30" },
    prices: rates("0.035", "0.135", "0.55"),
    source: DETAILS,
    reason: STALE,
  },
  {
    ...CHECKED,
    models: ["deepseek-reasoner"],
    effectiveFrom: "2025-02-26T16:30:00Z",
    effectiveUntil: "2025-09-05T16:00:00Z",
    daily: { from: "16:30", to: "00:30" },
    prices: rates("0.035", "0.135", "0.55"),
    source: DETAILS,
    reason: STALE,
  },
  {
    ...CHECKED,
    models: BOTH,
    effectiveFrom: "2025-09-05T16:00:00Z",
    prices: rates("0.07", "0.56", "1.68"),
    source: "https://api-docs.deepseek.com/news/news250821",
    reason: STALE,
  },
  {
    ...CHECKED,
    models: BOTH,
    effectiveFrom: "2025-09-29",
    prices: rates("0.028", "0.28", "0.42"),
    source: "https://api-docs.deepseek.com/news/news250929",
    reason: STALE,
  },
  {
    ...CHECKED,
    models: BOTH,
    effectiveFrom: "2026-04-24",
    prices: rates("0.0028", "0.14", "0.28"),
    source: PRICING,
    reason: "both names were served by DeepSeek V4 Flash until they were retired in July 2026",
  },
];

/** One hour of the day at the price of another, from the day on which prices came to differ by hour. */
function byTheHour(
  models: readonly string[],
  effectiveFrom: string,
  offPeak: ListedPrices,
  peak: ListedPrices,
): readonly PriceCorrection[] {
  const common = {
    ...CHECKED,
    models,
    source: PRICING,
    reason: WEEKENDS,
    contextWindow: 1_000_000,
  };
  const peakHours = [
    { from: "01:00", to: "04:00", weekdaysOnly: true },
    { from: "06:00", to: "10:00", weekdaysOnly: true },
  ];
  return [
    { ...common, effectiveFrom, prices: offPeak },
    ...peakHours.map((daily) => ({ ...common, effectiveFrom, daily, prices: peak })),
  ];
}

/** China's holidays are off-peak, too; these have no rule, so that the price is too high on them. */
const V4: readonly PriceCorrection[] = [
  {
    ...CHECKED,
    models: ["deepseek-v4-flash"],
    prices: rates("0.0028", "0.14", "0.28"),
    source: PRICING,
    reason: WEEKENDS,
  },
  {
    ...CHECKED,
    models: ["deepseek-v4-pro"],
    prices: rates("0.003625", "0.435", "0.87"),
    source: PRICING,
    reason: WEEKENDS,
  },
  ...byTheHour(
    ["deepseek-v4-pro"],
    "2026-08-16T16:00:00Z",
    rates("0.022", "0.66", "1.98"),
    rates("0.044", "1.32", "3.96"),
  ),
  ...byTheHour(
    ["deepseek-v4-flash"],
    "2026-08-16T16:00:00Z",
    rates("0.007", "0.22", "0.66"),
    rates("0.014", "0.44", "1.32"),
  ),
  ...byTheHour(
    ["deepseek-flash", "deepseek-v4-flash", "deepseek-v4-flash-vision-exp"],
    "2026-09-10T04:00:00Z",
    rates("0.003", "0.15", "0.60"),
    rates("0.006", "0.30", "1.20"),
  ),
];

export const DEEPSEEK_CORRECTIONS: readonly PriceCorrection[] = [...ALIASES, ...V4];
