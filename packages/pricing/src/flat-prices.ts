import type { CatalogueModel, ModelPrice, PriceConstraint } from "./catalogue-format.ts";

/** Whether two lists have the same prices, in whatever order they are written. */
export function samePrices(one: CatalogueModel, other: CatalogueModel): boolean {
  const [first, second] = [flattenPrices(one), flattenPrices(other)];
  return first.size === second.size && [...first].every(([key, usd]) => second.get(key) === usd);
}

/** Every single price of a model, by what it is for. */
export function flattenPrices({ prices }: CatalogueModel): ReadonlyMap<string, number> {
  const flat = new Map<string, number>();
  if (!isList(prices)) flattenMap(flat, prices, "");
  else {
    for (const { constraint, prices: held } of prices) {
      flattenMap(flat, held, constraint === undefined ? "" : ` ${conditionText(constraint)}`);
    }
  }
  return flat;
}

function isList<Item>(value: ModelPrice | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function conditionText(constraint: PriceConstraint): string {
  return constraint.type === "start_date"
    ? `from ${constraint.start_date}`
    : `${constraint.start_time} to ${constraint.end_time}`;
}

function flattenMap(flat: Map<string, number>, prices: ModelPrice, condition: string): void {
  for (const [key, price] of Object.entries(prices)) {
    if (typeof price === "number") flat.set(key + condition, price);
    else if (price !== undefined) {
      flat.set(key + condition, price.base);
      for (const tier of price.tiers)
        flat.set(`${key} above ${tier.start}${condition}`, tier.price);
    }
  }
}
