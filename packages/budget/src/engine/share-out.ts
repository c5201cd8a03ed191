import type { Amounts } from "../processor.ts";
import { amountIn } from "./amounts.ts";
import type { Booking } from "./store-access.ts";

/** A lease's holds on one counter, over all of its parts. */
interface Share {
  /** What is left to be charged. */
  rest: number;
  /** In how many parts it is still to be charged. */
  partsLeft: number;
}

/**
 * Divides what a call used among the parts of its lease: each is charged up to what it holds, the last one on a
 * counter the rest. Unknown is not nothing: it is charged as held.
 *
 * @returns for each part what each of its holds is charged.
 */
export function shareOut(parts: readonly Booking[], used: Amounts): readonly number[][] {
  const [own] = parts;
  if (own !== undefined && parts.length === 1) {
    return [own.holds.map(({ counter, amount }) => amountIn(counter.unit, used) ?? amount)];
  }
  const shares = new Map<string, Share>();
  for (const { counter, amount } of parts.flatMap(({ holds }) => holds)) {
    const known = amountIn(counter.unit, used);
    const { rest, partsLeft } = shares.get(counter.key) ?? { rest: known ?? 0, partsLeft: 0 };
    const share = { rest: known === undefined ? rest + amount : rest, partsLeft: partsLeft + 1 };
    shares.set(counter.key, share);
  }
  return parts.map(({ holds }) =>
    holds.map(({ counter, amount }) => {
      const share = shares.get(counter.key);
      if (share === undefined) return amount;
      share.partsLeft--;
      const charged = share.partsLeft === 0 ? share.rest : Math.min(share.rest, amount);
      share.rest -= charged;
      return charged;
    }),
  );
}
