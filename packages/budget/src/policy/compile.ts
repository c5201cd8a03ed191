import { usdToNanoUsd, type BudgetUnit } from "@tollgate/core";
import type { Counter } from "../store/store.ts";
import { windowKey, type Window } from "../window/window.ts";
import { controlKeys, scopeParts } from "./control-keys.ts";
import { parseDurationMs } from "./duration.ts";
import { isGlob } from "./glob.ts";
import { MATCH_KEYS, type MatchKey, type Policy, type WindowInput } from "./policy.ts";

/** One limit of a policy. */
export interface CompiledLimit {
  readonly unit: BudgetUnit;
  /** Nano-USD, tokens or requests. */
  readonly limit: number;
  /** The amounts at which `alertAt` is reached, in the same order. */
  readonly alertAmounts: readonly number[];
}

/** A policy in the units the engine works in. */
export interface CompiledPolicy extends Omit<Policy, "limit" | "window" | "match" | "throttle"> {
  readonly match: readonly (readonly [MatchKey, string])[];
  readonly limits: readonly CompiledLimit[];
  readonly window: Window;
  readonly maxWaitMs: number;
}

const DEFAULT_IDLE_MS = 3_600_000;
const DEFAULT_BUCKETS = 60;

export function compilePolicy(policy: Policy): CompiledPolicy {
  const window = compileWindow(policy.window, policy.timezone);
  const each =
    window.kind === "task" && !policy.each.includes("task")
      ? [...policy.each, "task" as const]
      : policy.each;
  return {
    ...policy,
    each,
    match: compileMatch(policy.match),
    window,
    limits: compileLimits(policy),
    maxWaitMs: parseDurationMs(policy.throttle.maxWait) ?? 0,
  };
}

export function compileMatch(patterns: Policy["match"]): [MatchKey, string][] {
  const match: [MatchKey, string][] = [];
  for (const key of MATCH_KEYS) {
    const pattern = patterns[key];
    if (pattern !== undefined) match.push([key, pattern]);
  }
  return match;
}

function compileLimits({ limit, alertAt }: Policy): CompiledLimit[] {
  const amounts: readonly (readonly [BudgetUnit, number | undefined])[] = [
    ["usd", limit.usd === undefined ? undefined : usdToNanoUsd(limit.usd)],
    ["tokens", limit.tokens],
    ["requests", limit.requests],
  ];
  return amounts.flatMap(([unit, amount]) =>
    amount === undefined
      ? []
      : [{ unit, limit: amount, alertAmounts: alertAt.map((percent) => share(amount, percent)) }],
  );
}

/** Exact where a product in floating point is not. */
function share(amount: number, percent: number): number {
  return Number((BigInt(amount) * BigInt(percent) + 99n) / 100n);
}

function compileWindow(input: WindowInput, timezone: string | undefined): Window {
  if (typeof input === "object") {
    return "rolling" in input
      ? {
          kind: "rolling",
          durationMs: parseDurationMs(input.rolling) ?? 0,
          buckets: input.buckets ?? DEFAULT_BUCKETS,
        }
      : { kind: "task", idleMs: parseDurationMs(input.task.idle) ?? DEFAULT_IDLE_MS };
  }
  if (input === "total") return { kind: "total" };
  if (input === "task") return { kind: "task", idleMs: DEFAULT_IDLE_MS };
  return { kind: "calendar", period: input, timezone: timezone ?? "UTC" };
}

/** The counter of one limit for one value of the policy's `each` keys. */
export function counterOf(
  policy: CompiledPolicy,
  { unit, limit, alertAmounts }: CompiledLimit,
  scope: Readonly<Record<string, string>>,
): Counter {
  const values = scopeParts(scope);
  const organization = scope["organization"] ?? pinnedOrganization(policy.match);
  return {
    key: [policy.id, unit, windowKey(policy.window), ...values].join("|"),
    budget: policy.id,
    unit,
    scope,
    ...(organization !== undefined && { organization }),
    limit,
    window: policy.window,
    alertAmounts,
    controls: controlKeys(policy.id, unit, scope),
  };
}

function pinnedOrganization(match: CompiledPolicy["match"]): string | undefined {
  const pattern = match.find(([key]) => key === "organization")?.[1];
  return pattern === undefined || isGlob(pattern) ? undefined : pattern;
}
