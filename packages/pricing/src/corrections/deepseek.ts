import type { ListedPrices } from "../listed-prices.ts";
import type { PriceCorrection } from "./correction.ts";

const PRICING = "https://api-docs.deepseek.com/quick_start/pricing";
const DETAILS = "https://api-docs.deepseek.com/quick_start/pricing-details-usd";
const ROO_CODE =
  "https://github.com/RooCodeInc/Roo-Code/blob/main/packages/types/src/providers/deepseek.ts";

const CHECKED = { provider: "deepseek", checkedOn: "2026-11-22" } as const;
const PROVIDER = { ...CHECKED, confirmed: "provider" } as const;
const THIRD_PARTY = { ...CHECKED, confirmed: "third-party" } as const;

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
    ...PROVIDER,
    models: ["deepseek-reasoner"],
    prices: rates("0.14", "0.55", "2.19"),
    source: DETAILS,
    reason: STALE,
  },
  {
    ...PROVIDER,
    models: ["deepseek-chat"],
    effectiveFrom: "2025-02-08T16:00:00Z",
    prices: rates("0.07", "0.27", "1.10"),
    source: DETAILS,
    reason: STALE,
  },
  {
    ...THIRD_PARTY,
    models: BOTH,
    effectiveFrom: "2025-02-26T16:30:00Z",
    effectiveUntil: "2025-09-05T16:00:00Z",
    daily: { from: "16:30", to: "00:30" },
    prices: rates("0.035", "0.135", "0.55"),
    source: "https://techgethub.com/?p=9801",
    reason: STALE,
  },
  {
    // The day is of https://api-docs.deepseek.com/news/news250821, which has its prices in a picture;
    // these are of an earlier state of the page.
    ...THIRD_PARTY,
    models: BOTH,
    effectiveFrom: "2025-09-05T16:00:00Z",
    prices: rates("0.07", "0.56", "1.68"),
    source: ROO_CODE,
    reason: STALE,
  },
  {
    // The day is of https://api-docs.deepseek.com/updates.
    ...THIRD_PARTY,
    models: BOTH,
    effectiveFrom: "2025-09-29",
    prices: rates("0.028", "0.28", "0.42"),
    source: ROO_CODE,
    reason: STALE,
  },
  {
    ...THIRD_PARTY,
    models: BOTH,
    effectiveFrom: "2026-04-24",
    prices: rates("0.0028", "0.14", "0.28"),
    source: "https://github.com/arikusi/deepseek-mcp-server/releases/tag/v2.0.0",
    reason: "both names were served by DeepSeek V4 Flash until they were retired in July 2026",
  },
];

type PricedHours = Pick<PriceCorrection, "confirmed" | "source" | "models"> & {
  readonly effectiveFrom: string;
  readonly weekdaysOnly: boolean;
  readonly offPeak: ListedPrices;
  readonly peak: ListedPrices;
};

/** One hour of the day at the price of another, from the day on which prices came to differ by hour. */
function byTheHour({
  weekdaysOnly,
  offPeak,
  peak,
  ...sighting
}: PricedHours): readonly PriceCorrection[] {
  const common = { ...CHECKED, ...sighting, reason: WEEKENDS, contextWindow: 1_000_000 };
  const peakHours = [
    { from: "01:00", to: "04:00", weekdaysOnly },
    { from: "06:00", to: "10:00", weekdaysOnly },
  ];
  return [
    { ...common, prices: offPeak },
    ...peakHours.map((daily) => ({ ...common, daily, prices: peak })),
  ];
}

const PRO_BY_THE_HOUR = {
  ...PROVIDER,
  source: PRICING,
  models: ["deepseek-v4-pro"],
  offPeak: rates("0.022", "0.66", "1.98"),
  peak: rates("0.044", "1.32", "3.96"),
} as const;
const FLASH_BY_THE_HOUR = {
  ...THIRD_PARTY,
  source: "https://github.com/anomalyco/models.dev/pull/4891",
  models: ["deepseek-v4-flash"],
  offPeak: rates("0.007", "0.22", "0.66"),
  peak: rates("0.014", "0.44", "1.32"),
} as const;

/** At first there were peaks on all days. */
const ALL_DAYS = { effectiveFrom: "2026-08-16T16:00:00Z", weekdaysOnly: false } as const;
/** The day is of https://github.com/feiyang-dev/dsh-usage-plugin/releases/tag/v1.10.0. */
const WEEKDAYS = { effectiveFrom: "2026-08-22T16:00:00Z", weekdaysOnly: true } as const;

/** China's holidays are off-peak, too; these have no rule, so that the price is too high on them. */
const V4: readonly PriceCorrection[] = [
  {
    ...PROVIDER,
    models: ["deepseek-v4-flash"],
    prices: rates("0.0028", "0.14", "0.28"),
    source: PRICING,
    reason: WEEKENDS,
  },
  {
    ...PROVIDER,
    models: ["deepseek-v4-pro"],
    prices: rates("0.003625", "0.435", "0.87"),
    source: PRICING,
    reason: WEEKENDS,
  },
  ...byTheHour({ ...PRO_BY_THE_HOUR, ...ALL_DAYS }),
  ...byTheHour({ ...PRO_BY_THE_HOUR, ...WEEKDAYS }),
  ...byTheHour({ ...FLASH_BY_THE_HOUR, ...ALL_DAYS }),
  ...byTheHour({ ...FLASH_BY_THE_HOUR, ...WEEKDAYS }),
  ...byTheHour({
    ...PROVIDER,
    source: PRICING,
    models: ["deepseek-flash", "deepseek-v4-flash", "deepseek-v4-flash-vision-exp"],
    effectiveFrom: "2026-09-10T04:00:00Z",
    weekdaysOnly: true,
    offPeak: rates("0.003", "0.15", "0.60"),
    peak: rates("0.006", "0.30", "1.20"),
  }),
];

export const DEEPSEEK_CORRECTIONS: readonly PriceCorrection[] = [...ALIASES, ...V4];
