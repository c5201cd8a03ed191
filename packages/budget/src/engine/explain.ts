import type { Attribution } from "@tollgate/core";
import type { CompiledPolicy } from "../policy/compile.ts";
import { matchesGlob } from "../policy/glob.ts";
import type { MatchKey } from "../policy/policy.ts";
import type { BudgetExplanation } from "../operations.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import type { RulesInForce } from "./rules.ts";

interface PartOfCall {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

type ValueOf = (key: MatchKey) => string | undefined;

/** Says of every policy whether it is for a call, in words. */
export function createExplainer(
  rules: RulesInForce,
  counts: DecisionCounts,
): (attribution: Attribution, call?: PartOfCall) => readonly BudgetExplanation[] {
  return (attribution, call = {}) => {
    const valueOf: ValueOf = (key) =>
      key === "provider" || key === "model" ? call[key] : attribution[key];
    return rules.current.policies.map((policy) => {
      const decisions = decisionsOf(policy.id, counts);
      const obstacle = obstacleOf(policy, valueOf);
      const why = obstacle ?? whyMatching(policy, valueOf);
      return {
        budget: policy.id,
        matches: obstacle === undefined,
        why: decisions === 0 ? `${why}; it has decided about no call in this process yet` : why,
        scope: obstacle === undefined ? scopeOf(policy, valueOf) : undefined,
        decisions,
      };
    });
  };
}

function decisionsOf(budget: string, counts: DecisionCounts): number {
  let sum = 0;
  for (const { count } of counts.all.get(budget)?.decisions ?? []) sum += count;
  return sum;
}

function obstacleOf({ match, each }: CompiledPolicy, valueOf: ValueOf): string | undefined {
  for (const [key, pattern] of match) {
    const value = valueOf(key);
    if (value === undefined) {
      return `it is for ${key} ${JSON.stringify(pattern)}, and the call has no ${key}`;
    }
    if (!matchesGlob(pattern, value)) {
      const wanted = JSON.stringify(pattern);
      return `it is for ${key} ${wanted}, and the call's ${key} is ${JSON.stringify(value)}`;
    }
  }
  const missing = each.find((key) => valueOf(key) === undefined);
  return missing && `it counts each ${missing} apart, and the call has no ${missing}`;
}

function whyMatching({ match, each }: CompiledPolicy, valueOf: ValueOf): string {
  const reasons = match.map(([key, pattern]) => {
    const value = JSON.stringify(valueOf(key));
    return pattern.includes("*")
      ? `its ${key} ${JSON.stringify(pattern)} fits ${value}`
      : `its ${key} is ${value}`;
  });
  const start = reasons.length === 0 ? "it is for every call" : reasons.join(" and ");
  const scope = each.map((key) => `${key} ${JSON.stringify(valueOf(key))}`);
  return scope.length === 0 ? start : `${start}; counted for ${scope.join(", ")}`;
}

function scopeOf({ each }: CompiledPolicy, valueOf: ValueOf): Readonly<Record<string, string>> {
  return Object.fromEntries(each.map((key) => [key, valueOf(key) ?? ""]));
}
