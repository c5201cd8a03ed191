import { usdText } from "./decimal.ts";
import { TOKEN_PRICE_KEYS, UNIT_PRICE_KEYS } from "./listed-prices.ts";
import type { TokenPrices, UnitPrices } from "./listed-prices.ts";
import { FROM_ZERO, type PicoUsd, type PriceTable, type RateTier, type TierMode } from "./rates.ts";

type TokenKey = keyof TokenPrices;
type UnitKey = keyof UnitPrices;

/** Prices for input above a threshold. */
export interface QuotedTier {
  /** From the first token on where it is `undefined`. */
  readonly aboveInputTokens: number | undefined;
  /** US dollars per million tokens, as decimal numbers; what has no price is left out. */
  readonly usdPerMtok: Readonly<Partial<Record<TokenKey, string>>>;
}

/** Prices as a person reads them, in the keys of an override. */
export interface PriceQuote {
  readonly tiers: readonly QuotedTier[];
  readonly tierMode: TierMode;
  /** US dollars per unit, as decimal numbers; what has no fee is left out. */
  readonly usdPerUnit: Readonly<Partial<Record<UnitKey, string>>>;
}

export function quoteTable({ tiers, tierMode, fees }: PriceTable): PriceQuote {
  const usdPerUnit: Partial<Record<UnitKey, string>> = {};
  let key: UnitKey;
  for (key in UNIT_PRICE_KEYS) {
    const [name, units] = UNIT_PRICE_KEYS[key];
    note(usdPerUnit, key, times(fees[name], units), 12);
  }
  return { tiers: tiers.map(quoteTier), tierMode, usdPerUnit };
}

function quoteTier({ aboveInputTokens, rates }: RateTier): QuotedTier {
  const usdPerMtok: Partial<Record<TokenKey, string>> = {};
  let key: TokenKey;
  for (key in TOKEN_PRICE_KEYS) note(usdPerMtok, key, rates[TOKEN_PRICE_KEYS[key]], 6);
  return {
    aboveInputTokens: aboveInputTokens === FROM_ZERO ? undefined : aboveInputTokens,
    usdPerMtok,
  };
}

function times(picoUsd: PicoUsd, units: number): PicoUsd {
  return picoUsd === undefined ? undefined : picoUsd * units;
}

function note<Key extends string>(
  into: Partial<Record<Key, string>>,
  key: Key,
  amount: PicoUsd,
  power: number,
): void {
  if (amount !== undefined) Object.assign(into, { [key]: usdText(amount, power) });
}
