import type { UsdPrice } from "./decimal.ts";
import { TOKEN_PRICE_KEYS, type TokenPrices } from "./listed-prices.ts";
import { findOverrideMistakes } from "./override-mistakes.ts";
import { createPricer, type PriceBook } from "./price-book.ts";
import type { PriceOverride } from "./price-override.ts";

/** A price that may be meant, but is more likely a slip. */
export interface PriceWarning {
  /** From the list of overrides: the index, then keys. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A price for thousand tokens in place of one for a million is off by this. */
const SUSPICIOUS_FACTOR = 1_000;
/** Nothing that is sold costs more, or less and not nothing, per million tokens. */
const USUAL_USD_PER_MTOK = { least: 0.000_1, most: 2_000 } as const;

/**
 * Prices that are a thousand times off what the catalogue says of the model, or off any price there is.
 * For overrides that make sense; those that do not are refused anyway.
 */
export function findPriceWarnings(
  overrides: readonly PriceOverride[],
  book: PriceBook = createPricer(),
): readonly PriceWarning[] {
  return overrides.flatMap((override, index) =>
    findOverrideMistakes(override).length > 0 ? [] : warningsOf(override, index, book),
  );
}

function warningsOf(
  override: PriceOverride,
  index: number,
  book: PriceBook,
): readonly PriceWarning[] {
  const listed = book.getModelPricing(override)?.tiers[0]?.usdPerMtok;
  const doubtAll = (prices: TokenPrices, path: PriceWarning["path"]): readonly PriceWarning[] => {
    const found: PriceWarning[] = [];
    let key: keyof TokenPrices;
    for (key in TOKEN_PRICE_KEYS) {
      const message = doubt(prices[key], listed?.[key]);
      if (message !== undefined) found.push({ path: [...path, key], message });
    }
    return found;
  };
  return [
    ...doubtAll(override, [index]),
    ...(override.tiers ?? []).flatMap((tier, at) => doubtAll(tier, [index, "tiers", at])),
  ];
}

function doubt(price: UsdPrice | undefined, listed: string | undefined): string | undefined {
  if (price === undefined || Number(price) === 0) return undefined;
  const usd = Number(price);
  if (listed !== undefined && Number(listed) > 0) {
    const factor = usd / Number(listed);
    if (factor >= SUSPICIOUS_FACTOR || factor <= 1 / SUSPICIOUS_FACTOR) {
      return `$${price} per million tokens is ${times(factor)} the list price of $${listed}; is the unit right?`;
    }
    return undefined;
  }
  const { least, most } = USUAL_USD_PER_MTOK;
  return usd > most || usd < least
    ? `$${price} per million tokens is like no price there is; is the unit right?`
    : undefined;
}

function times(factor: number): string {
  return factor >= 1 ? `${Math.round(factor)} times` : `1/${Math.round(1 / factor)} of`;
}
