import type { BudgetUnit } from "@tollgate/core";

type Scope = Readonly<Record<string, string>>;

/**
 * Names a scope in keys, in whichever order its keys stand. Lengths stand before the values: no value
 * can look like the border of two.
 */
export function scopeParts(scope: Scope): string[] {
  return Object.entries(scope)
    .map(([name, value]) => `${name}=${value.length}:${value}`)
    .toSorted();
}

/**
 * Where the freeze of a budget lies, or of one of its scopes. Neither unit nor window is part of it, so
 * that it outlives an edit of the policy.
 */
export function freezeKey(budget: string, parts: readonly string[]): string {
  return ["freeze", budget, ...parts].join("|");
}

/** Where another limit of a budget lies, or of one of its scopes. */
export function limitKey(budget: string, unit: BudgetUnit, parts: readonly string[]): string {
  return ["limit", budget, unit, ...parts].join("|");
}

/** All keys that a counter of a scope listens to, broadest first. */
export function controlKeys(budget: string, unit: BudgetUnit, parts: readonly string[]): string[] {
  const keys = [freezeKey(budget, []), limitKey(budget, unit, [])];
  if (parts.length > 0) keys.push(freezeKey(budget, parts), limitKey(budget, unit, parts));
  return keys;
}
