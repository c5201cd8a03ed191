import type { Guard, RunawayAlert } from "../guard/guard-policy.ts";
import { createRunawayGuard, type RunawayGuard } from "../guard/runaway-guard.ts";
import { compilePolicy, type CompiledPolicy } from "../policy/compile.ts";
import { decidesOnAggregates } from "../policy/metric-keys.ts";
import type { Policy } from "../policy/policy.ts";
import { createMatcher, type Matched, type MatchedCall } from "./matcher.ts";

/** Policies and guards, checked: as `parsePolicies` and `parseGuards` give them out. */
export interface BudgetRules {
  /** An empty list lets everything pass. */
  readonly policies: readonly Policy[];
  /** @defaultValue none */
  readonly guards?: readonly Guard[] | undefined;
}

/** All that follows from policies and guards alone. Never changes: other rules are other objects. */
export interface Rules {
  readonly policies: readonly CompiledPolicy[];
  readonly byId: ReadonlyMap<string, CompiledPolicy>;
  /** Those that decide on aggregates. */
  readonly advised: ReadonlyMap<string, CompiledPolicy>;
  readonly match: (call: MatchedCall) => Matched;
  /** `undefined` without guards. */
  readonly guard: RunawayGuard | undefined;
  readonly readsFingerprints: boolean;
  /** Of budgets and guards. */
  readonly ids: ReadonlySet<string>;
}

/**
 * The rules that count now. Parts read them each time they need them, and keep nothing of them from one call
 * to the next.
 */
export interface RulesInForce {
  readonly current: Rules;
}

export interface RulesOptions {
  readonly hasAggregates: boolean;
  readonly onRunaway: (alert: RunawayAlert) => void;
  /** Guards go on with what they have learned by them. */
  readonly before?: Rules | undefined;
}

export function createRules({ policies, guards = [] }: BudgetRules, options: RulesOptions): Rules {
  const { hasAggregates, onRunaway, before } = options;
  const compiled = policies.map(compilePolicy);
  const advised = compiled.filter((policy) => decidesOnAggregates(policy, hasAggregates));
  return {
    policies: compiled,
    byId: byId(compiled),
    advised: byId(advised),
    match: createMatcher(compiled),
    guard: guards.length === 0 ? undefined : createRunawayGuard(guards, onRunaway, before?.guard),
    ids: new Set([...policies, ...guards].map(({ id }) => id)),
    readsFingerprints: guards.some(({ identicalInARow }) => identicalInARow !== undefined),
  };
}

function byId(policies: readonly CompiledPolicy[]): ReadonlyMap<string, CompiledPolicy> {
  return new Map(policies.map((policy) => [policy.id, policy]));
}

/** The budgets of which something changed from one set of rules to another. */
export function changedBudgets(before: Rules, after: Rules): readonly string[] {
  const ids = new Set([...before.byId.keys(), ...after.byId.keys()]);
  return [...ids].filter(
    (id) => JSON.stringify(before.byId.get(id)) !== JSON.stringify(after.byId.get(id)),
  );
}
