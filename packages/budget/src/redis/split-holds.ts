import type { Hold } from "../store/store.ts";

/** The part of a request that lies in one partition. */
export interface Share {
  /** Its organization; `undefined` is the first partition: budgets over several organizations, or of none. */
  readonly name: string | undefined;
  /** Which of the request's holds. */
  readonly indexes: readonly number[];
}

/** Organizations first: theirs are the hard limits, so most of what is refused is refused before anything is held. */
export function splitHolds(holds: readonly Hold[]): readonly Share[] {
  const shares = new Map<string | undefined, number[]>();
  for (const [index, { counter }] of holds.entries()) {
    // No organization is named by an empty text.
    const name = counter.organization || undefined;
    const indexes = shares.get(name);
    if (indexes === undefined) shares.set(name, [index]);
    else indexes.push(index);
  }
  if (shares.size === 0) return [{ name: undefined, indexes: [] }];
  return [...shares]
    .map(([name, indexes]) => ({ name, indexes }))
    .toSorted((a, b) => Number(a.name === undefined) - Number(b.name === undefined));
}

export function pickHolds(holds: readonly Hold[], { indexes }: Share): Hold[] {
  return indexes.flatMap((index) => holds[index] ?? []);
}
