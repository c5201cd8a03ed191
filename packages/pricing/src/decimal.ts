/** US dollars: a number, or a decimal number as text. */
export type UsdPrice = number | string;

export const DECIMAL: RegExp = /^\d{1,15}(\.\d+)?$/;

/**
 * US dollars times a power of ten as a whole number, by the decimal digits that were written: no binary
 * fraction comes in. What is finer than one is rounded up, since a charge is never less than the price.
 *
 * @param usd - not negative; text in the form of {@link DECIMAL}.
 * @param power - 6 turns dollars per million into pico-USD each, 12 turns dollars into pico-USD.
 */
export function scaleUsd(usd: UsdPrice, power: number): number {
  if (typeof usd === "number") return Math.ceil(Number((usd * 10 ** power).toPrecision(15)));
  const [whole = "0", fraction = ""] = usd.split(".");
  const kept = Number(whole + fraction.slice(0, power).padEnd(power, "0"));
  return /[1-9]/.test(fraction.slice(power)) ? kept + 1 : kept;
}

/** Written decimals that count. */
export function decimalsOf(price: UsdPrice): number {
  if (typeof price === "number") return 0;
  return price.replace(/^\d+\.?/, "").replace(/0+$/, "").length;
}

/** A whole number of 10⁻ᵖᵒʷᵉʳ dollars as a decimal number in text, without needless zeros. */
export function usdText(amount: number, power: number): string {
  const digits = String(amount).padStart(power + 1, "0");
  const fraction = digits.slice(digits.length - power).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - power);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** A fraction of two whole numbers, to multiply prices with. */
export type Ratio = readonly [numerator: number, denominator: number];

/** A price times a fraction, rounded up; exact in as far as fifteen digits are. */
export function scaleBy(price: number, [numerator, denominator]: Ratio): number {
  const product = price * numerator;
  const exact = Number.isSafeInteger(product)
    ? product / denominator
    : price * (numerator / denominator);
  return Math.ceil(Number(exact.toPrecision(15)));
}
