import type { CompiledPolicy } from "../policy/compile.ts";
import { amountIn } from "./amounts.ts";
import { boundOf } from "./plan-holds.ts";
import type { Open, OpenLeases } from "./open-leases.ts";

/** By how much the calls under way may take a bounded budget above its limit. */
export interface Exposure {
  /** Over its calls with a bound: the most they may cost, less what they hold. */
  nanoUsd: number;
  /** Its calls of which nobody can say the most they may cost. */
  unbounded: number;
}

/**
 * Adds up what bounded budgets do not hold of the calls under way in this process. Bounds take time to work out:
 * once for each call, and only when somebody asks.
 */
export function createExposureReader(
  open: OpenLeases,
  policies: () => readonly CompiledPolicy[],
): () => ReadonlyMap<string, Exposure> {
  const bounds = new WeakMap<Open, { readonly nanoUsd: number | undefined }>();

  function boundNanoUsd(lease: Open): number | undefined {
    const known = bounds.get(lease);
    if (known !== undefined) return known.nanoUsd;
    const bound = boundOf(lease.call, lease.maxOutputTokens);
    const nanoUsd = "unboundable" in bound ? undefined : amountIn("usd", bound);
    bounds.set(lease, { nanoUsd });
    return nanoUsd;
  }

  return () => {
    const all = new Map<string, Exposure>();
    for (const { id, guarantee, limits } of policies()) {
      if (guarantee === "bounded" && limits.some(({ unit }) => unit === "usd")) {
        all.set(id, { nanoUsd: 0, unbounded: 0 });
      }
    }
    for (const lease of open.all()) {
      for (const [budget, heldNanoUsd] of heldOf(lease)) {
        const exposure = all.get(budget);
        if (exposure === undefined) continue;
        const most = boundNanoUsd(lease);
        if (most === undefined) exposure.unbounded++;
        else exposure.nanoUsd += Math.max(0, most - heldNanoUsd);
      }
    }
    return all;
  };
}

function heldOf({ bookings }: Open): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { counter, amount } of bookings.flatMap(({ holds }) => holds)) {
    if (counter.unit !== "usd") continue;
    held.set(counter.budget, (held.get(counter.budget) ?? 0) + amount);
  }
  return held;
}
