import { NANO_USD_PER_USD } from "@tollgate/core";
import { counterOf, type CompiledLimit, type CompiledPolicy } from "../../policy/compile.ts";
import { FLEET, keyLabel, OWN, PART_LABEL } from "./expression.ts";
import type { Sample } from "./prometheus-api.ts";

/**
 * What the other processes spent, by counter key: what all did less this process's share, which this process
 * knows better itself.
 */
export function spentByOthers(
  policy: CompiledPolicy,
  limit: CompiledLimit,
  samples: readonly Sample[],
): ReadonlyMap<string, number> {
  const others = new Map<string, number>();
  for (const { labels, value } of samples) {
    const [part] = (labels[PART_LABEL] ?? "").split(" ");
    const sign = part === FLEET ? 1 : part === OWN ? -1 : 0;
    const scope = scopeOf(policy, labels);
    if (sign === 0 || scope === undefined) continue;
    const { key } = counterOf(policy, limit, scope);
    others.set(key, (others.get(key) ?? 0) + sign * value);
  }
  for (const [key, amount] of others) {
    const inUnit = limit.unit === "usd" ? amount * NANO_USD_PER_USD : amount;
    // The share is not extrapolated as the sum is: a difference below nothing is nothing.
    others.set(key, Math.min(Math.max(0, Math.round(inUnit)), Number.MAX_SAFE_INTEGER));
  }
  return others;
}

function scopeOf(
  policy: CompiledPolicy,
  labels: Sample["labels"],
): Readonly<Record<string, string>> | undefined {
  const scope: Record<string, string> = {};
  for (const key of policy.each) {
    const value = labels[keyLabel(key)];
    if (value === undefined) return undefined;
    scope[key] = value;
  }
  return scope;
}
