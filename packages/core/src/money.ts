/**
 * Money is whole nano-USD: 1 USD = 10⁹. Safe integers reach nine million dollars, so sums of a
 * budget are exact where floating-point dollars are not.
 */
export const NANO_USD_PER_USD = 1_000_000_000;

/** The largest amount that arithmetic here keeps exact: just over nine million US dollars. */
export const MAX_NANO_USD: number = Number.MAX_SAFE_INTEGER;

/**
 * US dollars to nano-USD, rounded up: a charge is never less than the price.
 *
 * The decimal digits that a person wrote count, not the binary fraction behind them:
 * `0.1` is exactly 100,000,000.
 *
 * @throws RangeError when the amount is negative, not finite or above {@link MAX_NANO_USD}.
 */
export function usdToNanoUsd(usd: number): number {
  const nanoUsd = Math.ceil(Number((usd * NANO_USD_PER_USD).toPrecision(15)));
  if (!(nanoUsd >= 0 && nanoUsd <= MAX_NANO_USD)) {
    throw new RangeError(`${usd} USD is not an amount between 0 and ${MAX_NANO_USD / 1e9} USD`);
  }
  return nanoUsd;
}

/** Nano-USD to US dollars, for display and export only: sums belong in nano-USD. */
export function nanoUsdToUsd(nanoUsd: number): number {
  return nanoUsd / NANO_USD_PER_USD;
}

/**
 * An amount as a person reads it: cents from a dollar up, significant digits below.
 *
 * @example formatUsd(1_234_500_000) === "$1.23"; formatUsd(1_235_400) === "$0.001235"
 */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsdToUsd(Math.abs(nanoUsd));
  const sign = nanoUsd < 0 ? "-" : "";
  if (usd === 0 || usd >= 1) return `${sign}$${usd.toFixed(2)}`;
  const decimals = Math.min(9, Math.max(2, 3 - Math.floor(Math.log10(usd))));
  return `${sign}$${usd.toFixed(decimals)}`;
}
