import { DECIMAL, decimalsOf, type UsdPrice } from "./decimal.ts";
import type { ListedPrices, TokenPrices, UnitPrices } from "./listed-prices.ts";
import type { PriceOverride, SelfHosted } from "./price-override.ts";

/** What is wrong with a value; `undefined` when nothing is. Asked only of values that are there. */
export type ValueCheck = (value: unknown) => string | undefined;

/** How a value is checked: by itself, as a map, or as a list of maps. */
export type Rule = ValueCheck | MapRule | { readonly list: MapRule };

/** A map: no other keys than these. */
export interface MapRule {
  readonly keys: Readonly<Record<string, Rule>>;
  readonly required: readonly string[];
}

/** Rules for exactly the keys of a type. */
type RulesFor<Type> = { readonly [Key in keyof Required<Type>]: Rule };

interface UsdRule {
  readonly unit: string;
  readonly maxUsd: number;
  /** Finer prices would silently be lost. */
  readonly decimals: number;
}

const PER_MTOK: UsdRule = { unit: "million tokens", maxUsd: 100_000, decimals: 6 };

export const PRICE_WANTED: string = wantedOf(PER_MTOK);

function wantedOf({ unit }: UsdRule): string {
  return `use US dollars per ${unit}, a number from 0 on such as 2.5`;
}

function usd(rule: UsdRule): ValueCheck {
  const { unit, maxUsd, decimals } = rule;
  return (price) => {
    const amount = amountOf(price);
    if (amount === undefined) return wantedOf(rule);
    if (Number(amount) > maxUsd) {
      return `more than $${maxUsd} per ${unit} is absurd; did you mean US dollars per ${unit}?`;
    }
    return isFiner(amount, decimals) ? `use at most ${decimals} decimals` : undefined;
  };
}

function amountOf(price: unknown): UsdPrice | undefined {
  if (typeof price === "number") return price >= 0 && Number.isFinite(price) ? price : undefined;
  return typeof price === "string" && DECIMAL.test(price) ? price : undefined;
}

function isFiner(amount: UsdPrice, decimals: number): boolean {
  const units = Number((Number(amount) * 10 ** decimals).toPrecision(15));
  return !Number.isInteger(units) || decimalsOf(amount) > decimals;
}

const perMtok = usd(PER_MTOK);
const per = (unit: string): ValueCheck => usd({ unit, maxUsd: 1_000, decimals: 9 });

const PERCENT_WANTED = "use per cent from 0 to 100 with at most 4 decimals, such as 12.5";

const percent: ValueCheck = (value) => {
  const amount = amountOf(value);
  const isFit = amount !== undefined && Number(amount) <= 100 && !isFiner(amount, 4);
  return isFit ? undefined : PERCENT_WANTED;
};

function text(wanted: string): ValueCheck {
  return (value) => (typeof value === "string" && value !== "" ? undefined : wanted);
}

function above0(unit: string): ValueCheck {
  return (value) =>
    typeof value === "number" && value > 0 && Number.isFinite(value)
      ? undefined
      : `use a number of ${unit} above 0`;
}

function oneOf(words: readonly string[]): ValueCheck {
  return (value) =>
    words.some((word) => word === value) ? undefined : `use one of ${words.join(", ")}`;
}

const tokens: ValueCheck = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? undefined
    : "use a whole number of tokens from 0 on";

const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

const moment: ValueCheck = (value) =>
  typeof value === "string" && isMoment(value)
    ? undefined
    : "write a day or a moment, such as 2026-01-01 or 2026-01-01T08:00:00Z";

function isMoment(written: string): boolean {
  if (!MOMENT.test(written) || Number.isNaN(Date.parse(written))) return false;
  // Some days are read as one of the next month.
  const day = written.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const TOKEN_PRICE_RULES: RulesFor<TokenPrices> = {
  inputPerMtok: perMtok,
  outputPerMtok: perMtok,
  cacheReadPerMtok: perMtok,
  cacheWritePerMtok: perMtok,
  cacheWrite1hPerMtok: perMtok,
  reasoningPerMtok: perMtok,
  audioInputPerMtok: perMtok,
  audioCacheReadPerMtok: perMtok,
  audioOutputPerMtok: perMtok,
  imageInputPerMtok: perMtok,
  imageCacheReadPerMtok: perMtok,
  imageOutputPerMtok: perMtok,
  videoInputPerMtok: perMtok,
};

const UNIT_PRICE_RULES: RulesFor<UnitPrices> = {
  perRequest: per("request"),
  perWebSearch: per("web search"),
  perFileSearch: per("file search"),
  perCodeExecution: per("sandbox"),
  perSearchUnit: per("search"),
  perImage: per("image"),
  perAudioHour: per("hour"),
  perMillionCharacters: per("million characters"),
  perPage: per("page"),
};

const SELF_HOSTED_RULES: RulesFor<SelfHosted> = {
  usdPerGpuHour: per("GPU hour"),
  gpus: above0("GPUs"),
  tokensPerSecond: above0("tokens per second"),
  inputTokensPerSecond: above0("tokens per second"),
};

const LISTED_PRICE_RULES: RulesFor<ListedPrices> = {
  ...TOKEN_PRICE_RULES,
  ...UNIT_PRICE_RULES,
  tiers: {
    list: {
      keys: { aboveInputTokens: tokens, ...TOKEN_PRICE_RULES },
      required: ["aboveInputTokens"],
    },
  },
  tierMode: oneOf(["request", "marginal"]),
};

const OVERRIDE_RULES: RulesFor<PriceOverride> = {
  provider: text("name the provider, such as openai"),
  model: text("name the model, or use * for all of this provider's"),
  ...LISTED_PRICE_RULES,
  serviceTier: oneOf(["standard", "batch", "flex", "priority"]),
  selfHosted: { keys: SELF_HOSTED_RULES, required: ["usdPerGpuHour", "tokensPerSecond"] },
  discountPercent: percent,
  effectiveFrom: moment,
  effectiveUntil: moment,
  note: text("write a text, or leave the key out"),
};

export const OVERRIDE: MapRule = { keys: OVERRIDE_RULES, required: ["provider", "model"] };

/** Prices that are of no model in particular. */
export const LISTED_PRICES: MapRule = { keys: LISTED_PRICE_RULES, required: [] };
