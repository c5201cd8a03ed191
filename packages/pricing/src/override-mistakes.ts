import type { PriceOverride } from "./price-override.ts";

/** A price in an override, by its key. */
export type PriceKey = Exclude<keyof PriceOverride, "provider" | "model">;

interface PriceRule {
  readonly unit: string;
  readonly maxUsd: number;
  /** Finer prices would silently be lost. */
  readonly decimals: number;
  readonly required?: boolean;
}

const PER_MTOK: PriceRule = { unit: "million tokens", maxUsd: 100_000, decimals: 6 };

const PRICES: ReadonlyMap<PriceKey, PriceRule> = new Map<PriceKey, PriceRule>([
  ["inputPerMtok", { ...PER_MTOK, required: true }],
  ["outputPerMtok", { ...PER_MTOK, required: true }],
  ["cacheReadPerMtok", PER_MTOK],
  ["cacheWritePerMtok", PER_MTOK],
  ["cacheWrite1hPerMtok", PER_MTOK],
  ["perRequest", { unit: "request", maxUsd: 1_000, decimals: 9 }],
]);

const NAMES = {
  provider: "name the provider, such as openai",
  model: "name the model, or use * for all of this provider's",
} as const;

const KEYS: readonly string[] = [...Object.keys(NAMES), ...PRICES.keys()];

const DECIMAL = /^\d{1,15}(\.\d+)?$/;

/** @returns what to write instead; `undefined` when the price makes sense. */
export function priceMistake(key: PriceKey, price: unknown): string | undefined {
  const rule = PRICES.get(key);
  return rule && mistakeBy(rule, price);
}

function mistakeBy(rule: PriceRule, price: unknown): string | undefined {
  const { unit, maxUsd, decimals, required = false } = rule;
  if (price === undefined && !required) return undefined;
  const usd = usdOf(price);
  if (usd === undefined) return `use US dollars per ${unit}, a number from 0 on such as 2.5`;
  if (usd > maxUsd) {
    return `more than $${maxUsd} per ${unit} is absurd; did you mean US dollars per ${unit}?`;
  }
  const units = Number((usd * 10 ** decimals).toPrecision(15));
  const isTooFine = !Number.isInteger(units) || decimalsOf(price) > decimals;
  return isTooFine ? `use at most ${decimals} decimals` : undefined;
}

function usdOf(price: unknown): number | undefined {
  const isDecimal = typeof price === "number" || (typeof price === "string" && DECIMAL.test(price));
  const usd = isDecimal ? Number(price) : Number.NaN;
  return Number.isFinite(usd) && usd >= 0 ? usd : undefined;
}

/** Written decimals, of text only: what is too fine for a double would silently be lost. */
function decimalsOf(price: unknown): number {
  if (typeof price !== "string") return 0;
  return price.replace(/^\d+\.?/, "").replace(/0+$/, "").length;
}

interface Mistake {
  /** `undefined` for the whole override. */
  readonly key: string | undefined;
  readonly message: string;
}

/**
 * What is wrong with an override. Unknown keys are: a misspelt price must never mean "no price".
 *
 * Written without a library of schemas: loading one would take longer than loading all the rest.
 */
export function findMistakes(override: unknown): readonly Mistake[] {
  if (typeof override !== "object" || override === null) {
    return [{ key: undefined, message: `write an object with the keys ${KEYS.join(", ")}` }];
  }
  const mistakes: Mistake[] = [];
  const report = (key: string | undefined, message: string | undefined): void => {
    if (message !== undefined) mistakes.push({ key, message });
  };
  for (const [key, message] of Object.entries(NAMES)) {
    const name: unknown = Reflect.get(override, key);
    if (typeof name !== "string" || name === "") report(key, message);
  }
  for (const [key, rule] of PRICES) report(key, mistakeBy(rule, Reflect.get(override, key)));
  const unknown = Object.keys(override).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) {
    report(undefined, `unknown key ${unknown.join(", ")}; the keys are ${KEYS.join(", ")}`);
  }
  return mistakes;
}
