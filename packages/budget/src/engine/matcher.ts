import { counterOf, type CompiledPolicy } from "../policy/compile.ts";
import { matchesGlob } from "../policy/glob.ts";
import type { MatchKey } from "../policy/policy.ts";
import type { BudgetCall } from "../processor.ts";
import type { Counter } from "../store/store.ts";

/** The part of a call that decides which budgets it falls under. */
export type MatchedCall = Pick<BudgetCall, "attribution" | "provider" | "model">;

/** The budgets above a call. */
export interface Matched {
  /** In the order they were declared. */
  readonly policies: readonly CompiledPolicy[];
  readonly counters: readonly { readonly policy: CompiledPolicy; readonly counter: Counter }[];
  /** Whether any of them clips. */
  readonly clips: boolean;
  /** Calls of one kind are expected to use alike: provider, model and agent. */
  readonly kind: string;
}

const KIND_KEYS: readonly MatchKey[] = ["provider", "model", "agent"];
const MAX_CACHED = 10_000;

/** Finds the budgets above a call; calls that look alike to all policies are looked up. */
export function createMatcher(policies: readonly CompiledPolicy[]): (call: MatchedCall) => Matched {
  const keys = [
    ...new Set([
      ...KIND_KEYS,
      ...policies.flatMap(({ match, each }) => [...match.map(([key]) => key), ...each]),
    ]),
  ];
  const cache = new Map<string, Matched>();

  return (call) => {
    const cacheKey = identify(call, keys);
    const cached = cache.get(cacheKey);
    if (cached !== undefined) return cached;
    for (const oldest of cache.keys()) {
      if (cache.size < MAX_CACHED) break;
      cache.delete(oldest);
    }
    const matched = findMatching(call, policies);
    cache.set(cacheKey, matched);
    return matched;
  };
}

function valueOf(call: MatchedCall, key: MatchKey): string | undefined {
  if (key === "provider") return call.provider;
  if (key === "model") return call.model;
  return call.attribution[key];
}

/** Lengths stand before the values: no value can look like the border between two. */
function identify(call: MatchedCall, keys: readonly MatchKey[]): string {
  let id = "";
  for (const key of keys) {
    const value = valueOf(call, key);
    id += value === undefined ? "-" : `${value.length}:${value}`;
  }
  return id;
}

function findMatching(call: MatchedCall, policies: readonly CompiledPolicy[]): Matched {
  const matching: CompiledPolicy[] = [];
  const counters: { policy: CompiledPolicy; counter: Counter }[] = [];
  for (const policy of policies) {
    const scope = matchPolicy(call, policy);
    if (scope === undefined) continue;
    matching.push(policy);
    for (const limit of policy.limits) {
      counters.push({ policy, counter: counterOf(policy, limit, scope) });
    }
  }
  return {
    policies: matching,
    counters,
    clips: matching.some(({ clip }) => clip),
    kind: identify(call, KIND_KEYS),
  };
}

/** @returns the values of the policy's `each` keys, or `undefined` when the call is not under it. */
export function matchPolicy(
  call: MatchedCall,
  { match, each }: Pick<CompiledPolicy, "match" | "each">,
): Readonly<Record<string, string>> | undefined {
  for (const [key, pattern] of match) {
    const value = valueOf(call, key);
    if (value === undefined || !matchesGlob(pattern, value)) return undefined;
  }
  const scope: Record<string, string> = {};
  for (const key of each) {
    const value = valueOf(call, key);
    if (value === undefined) return undefined;
    scope[key] = value;
  }
  return scope;
}
