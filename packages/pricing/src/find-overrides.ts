import { TollgateError } from "@tollgate/core";
import { tierOf, type BillingTerms } from "./billing-terms.ts";
import { scaleUsd, type Ratio } from "./decimal.ts";
import { matchesGlob } from "./glob.ts";
import { tableOf, TOKEN_PRICE_KEYS, UNIT_PRICE_KEYS } from "./listed-prices.ts";
import { findOverrideMistakes } from "./override-mistakes.ts";
import type { PriceOverride, SelfHosted } from "./price-override.ts";
import { catalogueId } from "./provider-ids.ts";
import { completeRates, FROM_ZERO, NO_FEES, scaleTable, type PriceTable } from "./rates.ts";
import { bothConditions, type PriceCondition, type ScheduledPrice } from "./schedule.ts";

/**
 * The prices that overrides put on top of a model's own, by rank.
 *
 * @param names - all that the model goes by, as requested first
 * @param listed - the model's own prices, which a discount is off
 */
export type OverrideFinder = (
  provider: string,
  names: readonly string[],
  terms: BillingTerms,
  listed: readonly ScheduledPrice[],
) => readonly ScheduledPrice[];

/**
 * Checks overrides and makes them searchable; of several that match and hold at a time, the last counts.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` naming the index and the key of every mistake.
 */
export function readOverrides(overrides: readonly PriceOverride[]): OverrideFinder {
  const mistakes = overrides.flatMap((override, index) =>
    findOverrideMistakes(override).map(
      ({ path, message }) => `${pathText(index, path)}: ${message}`,
    ),
  );
  if (mistakes.length > 0) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `Price overrides are invalid: ${mistakes.join("; ")}`,
    );
  }
  const rules = structuredClone(overrides);
  return (provider, names, terms, listed) => {
    const id = catalogueId(provider);
    const tier = tierOf(terms.serviceTier);
    return rules
      .filter((rule) => catalogueId(rule.provider) === id)
      .filter(({ serviceTier = tier }) => serviceTier === tier)
      .filter((rule) => names.some((name) => matchesGlob(rule.model, name)))
      .flatMap((rule) => scheduleOverride(rule, names[0] ?? "", listed));
  };
}

function pathText(index: number, path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => text + (typeof key === "number" ? `[${key}]` : `.${key}`),
    `overrides[${index}]`,
  );
}

function scheduleOverride(
  override: PriceOverride,
  model: string,
  listed: readonly ScheduledPrice[],
): readonly ScheduledPrice[] {
  const condition = conditionOf(override);
  const origin = {
    priceSource: "override",
    pricedModel: override.model,
    match: "override",
  } as const;
  const discount = discountOf(override);
  if (isDiscountOnly(override)) {
    return listed.map((entry) => ({
      ...entry,
      condition: bothConditions(condition, entry.condition),
      table: discounted(entry.table, discount),
      origin,
    }));
  }
  const table = override.selfHosted
    ? hourlyTable(override.selfHosted, override)
    : tableOf(override, model);
  return [{ condition, table: discounted(table, discount), origin }];
}

function conditionOf({ effectiveFrom, effectiveUntil }: PriceOverride): PriceCondition {
  return {
    fromMs: effectiveFrom === undefined ? undefined : Date.parse(effectiveFrom),
    untilMs: effectiveUntil === undefined ? undefined : Date.parse(effectiveUntil),
  };
}

const PRICE_KEYS: ReadonlySet<string> = new Set([
  ...Object.keys(TOKEN_PRICE_KEYS),
  ...Object.keys(UNIT_PRICE_KEYS),
  "selfHosted",
]);

function isDiscountOnly(override: PriceOverride): boolean {
  return !Object.entries(override).some(
    ([key, value]) => value !== undefined && PRICE_KEYS.has(key),
  );
}

/** Four decimals of a per cent. */
const PERCENT_UNITS = 1_000_000;

function discountOf({ discountPercent = 0 }: PriceOverride): Ratio {
  return [PERCENT_UNITS - scaleUsd(discountPercent, 4), PERCENT_UNITS];
}

function discounted(table: PriceTable | undefined, ratio: Ratio): PriceTable | undefined {
  if (table === undefined || ratio[0] === ratio[1]) return table;
  return scaleTable(table, { tokens: ratio, fees: ratio });
}

const SECONDS_PER_HOUR = 3_600;

/** An hour's price over the tokens that it makes. */
function hourlyTable(
  { usdPerGpuHour, gpus = 1, tokensPerSecond, inputTokensPerSecond = tokensPerSecond }: SelfHosted,
  fees: PriceOverride,
): PriceTable {
  const picoUsdPerSecond = (scaleUsd(usdPerGpuHour, 12) * gpus) / SECONDS_PER_HOUR;
  const rates = completeRates(
    {
      input: Math.ceil(picoUsdPerSecond / inputTokensPerSecond),
      output: Math.ceil(picoUsdPerSecond / tokensPerSecond),
    },
    "",
  );
  return {
    tiers: [{ aboveInputTokens: FROM_ZERO, rates }],
    tierMode: "request",
    fees: { ...NO_FEES, request: tableOf(fees, "").fees.request },
  };
}
