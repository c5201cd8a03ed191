import { diag } from "@opentelemetry/api";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Amounts, BudgetCall, CallBound } from "../processor.ts";
import type { Counter, Hold, HoldCheck } from "../store/store.ts";
import { amountIn } from "./amounts.ts";
import type { LearnedUse } from "./learned-use.ts";
import type { Matched } from "./matcher.ts";

/** Why no true hold can be taken. */
export interface HoldTrouble {
  readonly reason: "unboundable" | "unpriced";
  readonly detail?: string | undefined;
}

export interface PlannedHold extends Hold {
  readonly policy: CompiledPolicy;
  /** What the call asked for, where `amount` is more than any limit. */
  readonly requested: number;
  readonly trouble: HoldTrouble | undefined;
}

export interface PlannedCall extends BudgetCall {
  /** Another process may ask for its lease again. */
  readonly isForAll?: boolean | undefined;
}

/** A call and all it must hold before it may leave. */
export interface Plan {
  readonly call: PlannedCall;
  readonly matched: Matched;
  readonly holds: readonly PlannedHold[];
  /** The cap on the call's output that the holds are for. */
  readonly maxOutputTokens: number | undefined;
}

/** More than any limit, so that the store refuses it and says what is left. */
const MORE_THAN_ANY_LIMIT: number = Number.MAX_SAFE_INTEGER;

/** @param maxOutputTokens - the caller will cap the call's output. */
export function planHolds(
  call: BudgetCall,
  matched: Matched,
  learned: LearnedUse,
  maxOutputTokens?: number,
): Plan {
  const cap = matched.clips ? least(maxOutputTokens, standingCap(call, matched)) : maxOutputTokens;
  const needs = createNeeds(call, matched.kind, learned, cap);
  const holds: PlannedHold[] = [];
  for (const { policy, counter } of matched.counters) {
    holds.push(planHold(policy, counter, needs, call));
  }
  return { call, matched, holds, maxOutputTokens: cap };
}

/** The cap that the budgets above a call put on any: their `maxOutputTokens`, where it is less than asked for. */
function standingCap(call: BudgetCall, { policies }: Matched): number | undefined {
  if (call.underway === true) return undefined;
  let cap: number | undefined;
  for (const policy of policies) cap = least(cap, putOn(policy, call));
  return cap;
}

function putOn(
  { clip, onExceed, maxOutputTokens }: CompiledPolicy,
  call: BudgetCall,
): number | undefined {
  if (!clip || onExceed === "alert" || maxOutputTokens === undefined) return undefined;
  const range = call.clip;
  if (range === undefined || maxOutputTokens < range.leastOutputTokens) return undefined;
  const asksForLess = range.unlimited !== true && range.mostOutputTokens <= maxOutputTokens;
  return asksForLess ? undefined : maxOutputTokens;
}

/** What may be assumed of a call's output: with `clip` only what is put on the request. */
function assumedOutput(policy: CompiledPolicy, call: BudgetCall): number | undefined {
  const { clip, onExceed, maxOutputTokens } = policy;
  const assumes = !clip || onExceed === "alert" || call.underway === true;
  return assumes ? maxOutputTokens : putOn(policy, call);
}

function planHold(
  policy: CompiledPolicy,
  counter: Counter,
  needs: Needs,
  call: BudgetCall,
): PlannedHold {
  const check = checkOf(policy, call.underway === true);
  const hold = (amount: number): PlannedHold => ({
    policy,
    counter,
    amount,
    check,
    requested: amount,
    trouble: undefined,
  });
  if (policy.guarantee === "advisory") {
    return { ...hold(0), check: check === "fit" ? "unspent" : "never" };
  }
  if (counter.unit === "requests") return hold(1);
  if (policy.guarantee === "bounded") {
    const usual = needs.usual(counter.unit);
    if (usual !== undefined) return hold(usual);
    return { ...hold(0), check: "never", trouble: { reason: "unpriced" } };
  }
  const bound = needs.bound(assumedOutput(policy, call));
  const most = "unboundable" in bound ? undefined : amountIn(counter.unit, bound);
  if (most !== undefined) return hold(most);

  const requested = needs.usual(counter.unit) ?? 0;
  const trouble: HoldTrouble =
    "unboundable" in bound
      ? { reason: "unboundable", detail: bound.unboundable }
      : { reason: "unpriced" };
  return check === "never"
    ? { ...hold(requested), trouble }
    : { ...hold(MORE_THAN_ANY_LIMIT), requested, trouble };
}

function checkOf({ onExceed }: CompiledPolicy, underway: boolean): HoldCheck {
  return underway || onExceed === "alert" ? "never" : "fit";
}

interface Needs {
  usual(unit: "usd" | "tokens"): number | undefined;
  bound(maxOutputTokens: number | undefined): CallBound;
}

/** Asks the call at most once for each thing: working them out takes time. */
function createNeeds(
  call: BudgetCall,
  kind: string,
  learned: LearnedUse,
  cap: number | undefined,
): Needs {
  let expected: Amounts | undefined;
  let bound: CallBound | undefined;
  let boundFor: number | undefined;

  function usual(unit: "usd" | "tokens"): number | undefined {
    const usualMost = learned.usualMost(kind, unit);
    if (usualMost !== undefined) return usualMost;
    expected ??= expectedOf(call);
    return amountIn(unit, expected);
  }

  function boundWith(maxOutputTokens: number | undefined): CallBound {
    if (bound === undefined || boundFor !== maxOutputTokens) {
      bound = boundOf(call, maxOutputTokens);
      boundFor = maxOutputTokens;
    }
    return bound;
  }

  if (cap === undefined) return { usual, bound: boundWith };
  return {
    usual(unit) {
      const most = boundWith(cap);
      const known = "unboundable" in most ? undefined : amountIn(unit, most);
      return least(usual(unit), known);
    },
    bound: (maxOutputTokens) => boundWith(least(cap, maxOutputTokens)),
  };
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** A call that cannot say what it needs must not fail for it. */
function expectedOf(call: BudgetCall): Amounts {
  try {
    return call.expected();
  } catch (error) {
    diag.warn("tollgate: a call's expected cost could not be worked out", error);
    return { nanoUsd: undefined, tokens: Number.NaN };
  }
}

export function boundOf(call: BudgetCall, maxOutputTokens: number | undefined): CallBound {
  try {
    return call.bound(maxOutputTokens);
  } catch (error) {
    diag.warn("tollgate: a call's bound could not be worked out", error);
    return { unboundable: "its bound could not be worked out" };
  }
}
