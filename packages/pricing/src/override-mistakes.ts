import { TOKEN_PRICE_KEYS } from "./listed-prices.ts";
import {
  LISTED_PRICES,
  OVERRIDE,
  PRICE_WANTED,
  type MapRule,
  type Rule,
} from "./override-rules.ts";

/** Something wrong with an override. */
export interface OverrideMistake {
  /** From the override on: keys, and places in lists. */
  readonly path: readonly (string | number)[];
  /** What to write instead. */
  readonly message: string;
  /** Of a key that means nothing: the keys that do. */
  readonly knownKeys?: readonly string[] | undefined;
}

/**
 * What is wrong with an override. Unknown keys are: a misspelt price must never mean "no price".
 *
 * Written without a library of schemas: loading one would take longer than loading all the rest.
 */
export function findOverrideMistakes(override: unknown): readonly OverrideMistake[] {
  return findMistakes(override, OVERRIDE);
}

/** What is wrong with prices that are of no model in particular, as in an override without its name. */
export function findPriceMistakes(prices: unknown): readonly OverrideMistake[] {
  return findMistakes(prices, LISTED_PRICES);
}

function findMistakes(value: unknown, rule: MapRule): readonly OverrideMistake[] {
  const mistakes = checkMap(value, rule, []);
  return isMap(value) ? [...mistakes, ...findContradictions(value)] : mistakes;
}

type Path = OverrideMistake["path"];

function checkMap(value: unknown, { keys, required }: MapRule, path: Path): OverrideMistake[] {
  const knownKeys = Object.keys(keys);
  if (!isMap(value)) {
    return [{ path, message: `write a map with the keys ${knownKeys.join(", ")}` }];
  }
  const known = Object.entries(keys).flatMap(([key, rule]) =>
    value[key] === undefined && !required.includes(key)
      ? []
      : checkValue(value[key], rule, [...path, key]),
  );
  const unknown = Object.keys(value)
    .filter((key) => !Object.hasOwn(keys, key))
    .map((key) => ({
      path: [...path, key],
      message: `unknown key; the keys are ${knownKeys.join(", ")}`,
      knownKeys,
    }));
  return [...known, ...unknown];
}

function checkValue(value: unknown, rule: Rule, path: Path): OverrideMistake[] {
  if ("keys" in rule) return checkMap(value, rule, path);
  if ("list" in rule) {
    if (!Array.isArray(value)) return [{ path, message: "write a list" }];
    return value.flatMap((each: unknown, index) => checkMap(each, rule.list, [...path, index]));
  }
  const message = rule(value);
  return message === undefined ? [] : [{ path, message }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type WrittenMap = Readonly<Record<string, unknown>>;

function findContradictions(override: WrittenMap): readonly OverrideMistake[] {
  return [...missingPrices(override), ...wrongTimes(override), ...sameTiers(override)];
}

const TOKEN_KEYS: ReadonlySet<string> = new Set([...Object.keys(TOKEN_PRICE_KEYS), "tiers"]);

function missingPrices(override: WrittenMap): readonly OverrideMistake[] {
  const given = Object.keys(override).filter((key) => override[key] !== undefined);
  const hasTokenPrices = given.some((key) => TOKEN_KEYS.has(key));
  if (hasTokenPrices && given.includes("selfHosted")) {
    const message = "its prices follow from the hour: leave the other prices out";
    return [{ path: ["selfHosted"], message }];
  }
  const isComplete = given.some(
    (key) => key === "selfHosted" || key === "discountPercent" || key.startsWith("per"),
  );
  if (isComplete && !hasTokenPrices) return [];
  return ["inputPerMtok", "outputPerMtok"]
    .filter((key) => override[key] === undefined)
    .map((key) => ({ path: [key], message: PRICE_WANTED }));
}

function wrongTimes({ effectiveFrom, effectiveUntil }: WrittenMap): readonly OverrideMistake[] {
  if (typeof effectiveFrom !== "string" || typeof effectiveUntil !== "string") return [];
  return Date.parse(effectiveFrom) >= Date.parse(effectiveUntil)
    ? [{ path: ["effectiveUntil"], message: "it must be later than effectiveFrom" }]
    : [];
}

function sameTiers({ tiers }: WrittenMap): readonly OverrideMistake[] {
  if (!Array.isArray(tiers)) return [];
  const thresholds = tiers.map((tier: unknown) =>
    isMap(tier) ? tier["aboveInputTokens"] : undefined,
  );
  return new Set(thresholds).size === thresholds.length
    ? []
    : [{ path: ["tiers"], message: "two tiers begin above the same number of tokens" }];
}
