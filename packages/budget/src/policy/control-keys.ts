import type { BudgetUnit } from "@tollgate/core";

/** Values of a policy's `each` keys. */
export type Scope = Readonly<Record<string, string>>;

/** What a control is laid over, as its key says it. */
export interface ControlTarget {
  readonly kind: "freeze" | "limit";
  readonly budget: string;
  /** `undefined` for all of them, as a freeze is. */
  readonly unit: BudgetUnit | undefined;
  /** Empty for the whole budget. */
  readonly scope: Scope;
}

/** The same for one scope in whichever order its keys stand. */
function entriesOf(scope: Scope): [string, string][] {
  return Object.entries(scope).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Names a scope in keys. Lengths stand before the values: no value can look like the border of two. */
export function scopeParts(scope: Scope): string[] {
  return entriesOf(scope).map(([name, value]) => `${name}=${value.length}:${value}`);
}

/**
 * Where the freeze of a budget lies, or of one of its scopes. Neither unit nor window is part of it, so
 * that it outlives an edit of the policy.
 */
export function freezeKey(budget: string, scope: Scope): string {
  return JSON.stringify(["freeze", budget, null, entriesOf(scope)]);
}

/** Where another limit of a budget lies, or of one of its scopes. */
export function limitKey(budget: string, unit: BudgetUnit, scope: Scope): string {
  return JSON.stringify(["limit", budget, unit, entriesOf(scope)]);
}

/** All keys that a counter of a scope listens to, broadest first. */
export function controlKeys(budget: string, unit: BudgetUnit, scope: Scope): string[] {
  const keys = [freezeKey(budget, {}), limitKey(budget, unit, {})];
  if (Object.keys(scope).length > 0) {
    keys.push(freezeKey(budget, scope), limitKey(budget, unit, scope));
  }
  return keys;
}

/** @returns `undefined` when the key is none of these. */
export function readControlKey(key: string): ControlTarget | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(key);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [kind, budget, unit, entries]: unknown[] = parts;
  if (kind !== "freeze" && kind !== "limit") return undefined;
  if (typeof budget !== "string" || !Array.isArray(entries)) return undefined;
  const scope: Record<string, string> = {};
  for (const entry of entries) {
    const [name, value]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof name !== "string" || typeof value !== "string") return undefined;
    scope[name] = value;
  }
  return { kind, budget, unit: isUnit(unit) ? unit : undefined, scope };
}

function isUnit(unit: unknown): unit is BudgetUnit {
  return unit === "usd" || unit === "tokens" || unit === "requests";
}
