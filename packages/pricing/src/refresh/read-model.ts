import type {
  CatalogueModel,
  ConditionalPrice,
  ModelPrice,
  PriceConstraint,
  TieredPrice,
} from "../catalogue-format.ts";
import { isMap } from "./json-map.ts";
import { readMatch } from "./read-match.ts";

/** Says what is wrong in price data, and where. What is wrong is read as something harmless. */
export type Complain = (place: string, message: string) => void;

/** Reads a model of a provider as foreign data: members that mean nothing to us may be anything. */
export function readModel(
  model: unknown,
  place: string,
  complain: Complain,
): CatalogueModel | undefined {
  if (!isMap(model) || typeof model["id"] !== "string" || model["id"] === "") {
    complain(place, "has no id");
    return undefined;
  }
  const { id, name, match, prices, context_window, deprecated } = model;
  return {
    id,
    name: typeof name === "string" ? name : undefined,
    match: readMatch(match, `${place}.match`, complain),
    prices: Array.isArray(prices)
      ? readEntries(prices, `${place}.prices`, complain)
      : readPriceMap(prices, `${place}.prices`, complain),
    context_window: readTokens(context_window, `${place}.context_window`, complain),
    deprecated: deprecated === true ? true : undefined,
  };
}

function readTokens(value: unknown, place: string, complain: Complain): number | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  if (value !== undefined && value !== null) complain(place, "is no whole number of tokens");
  return undefined;
}

function readEntries(
  entries: readonly unknown[],
  place: string,
  complain: Complain,
): readonly ConditionalPrice[] {
  if (entries.length === 0) complain(place, "is an empty list");
  return entries.map((entry, index) => {
    const { constraint, prices } = isMap(entry) ? entry : {};
    return {
      constraint: readConstraint(constraint, `${place}[${index}].constraint`, complain),
      prices: readPriceMap(prices, `${place}[${index}].prices`, complain),
    };
  });
}

function readPriceMap(prices: unknown, place: string, complain: Complain): ModelPrice {
  if (!isMap(prices)) {
    complain(place, "is no map of prices");
    return {};
  }
  return Object.fromEntries(
    Object.entries(prices).map(([key, price]) => {
      const where = `${place}.${key}`;
      return [
        key,
        isMap(price)
          ? readTiers(price, key, where, complain)
          : readPrice(price, key, where, complain),
      ];
    }),
  );
}

function readTiers(
  { base, tiers }: Readonly<Record<string, unknown>>,
  key: string,
  place: string,
  complain: Complain,
): TieredPrice {
  if (!Array.isArray(tiers)) complain(`${place}.tiers`, "is no list of tiers");
  const listed: readonly unknown[] = Array.isArray(tiers) ? tiers : [];
  return {
    base: readPrice(base, key, `${place}.base`, complain),
    tiers: listed.map((tier, index) => {
      const { start, price } = isMap(tier) ? tier : {};
      const where = `${place}.tiers[${index}]`;
      const from = readTokens(start, `${where}.start`, complain);
      if (start === undefined || start === null) complain(`${where}.start`, "is missing");
      return { start: from ?? 0, price: readPrice(price, key, `${where}.price`, complain) };
    }),
  };
}

/** Nothing that is sold costs more per million tokens, or less and not nothing. */
const USUAL_USD_PER_MTOK = { least: 0.000_1, most: 2_000 } as const;
const USUAL_USD = { least: 0.000_000_1, most: 100_000 } as const;

function readPrice(price: unknown, key: string, place: string, complain: Complain): number {
  if (typeof price !== "number" || !(price >= 0)) {
    complain(place, `is ${JSON.stringify(price)}, no number of dollars from 0 on`);
    return 0;
  }
  const { least, most } = key.endsWith("_mtok") ? USUAL_USD_PER_MTOK : USUAL_USD;
  if (price > most || (price > 0 && price < least)) {
    complain(place, `is ${price}, like no price there is; is the unit right?`);
  }
  return price;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function readConstraint(
  constraint: unknown,
  place: string,
  complain: Complain,
): PriceConstraint | undefined {
  if (constraint === undefined || constraint === null) return undefined;
  const { start_date, start_time, end_time } = isMap(constraint) ? constraint : {};
  if (isDay(start_date)) return { type: "start_date", start_date };
  if (isTime(start_time) && isTime(end_time)) return { type: "time_of_date", start_time, end_time };
  complain(place, "is neither a first day nor hours of the day");
  return undefined;
}

export function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && TIME.test(value);
}
