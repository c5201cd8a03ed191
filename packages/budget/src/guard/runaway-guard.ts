import type { BudgetRefusal } from "@tollgate/core";
import { matchPolicy, type MatchedCall } from "../engine/matcher.ts";
import { compileMatch } from "../policy/compile.ts";
import { scopeParts, type Scope } from "../policy/control-keys.ts";
import type { BudgetCall } from "../processor.ts";
import type { Guard, RunawayAlert } from "./guard-policy.ts";
import { createWatch, type Suspicion, type Watch } from "./watch.ts";

/** What the guards make of a call that looks like a runaway's. */
export interface Verdict {
  readonly guard: string;
  readonly action: Guard["action"];
  /** Of `throttle`. */
  readonly delayMs: number;
  readonly refusal: BudgetRefusal;
}

/** All guards of a processor. */
export interface RunawayGuard {
  /** Counts a call. @returns the strictest verdict, or `undefined` for a call like any other. */
  ask(call: BudgetCall, nowMs: number): Verdict | undefined;
  /** What `ask` would say, without counting. */
  look(call: BudgetCall, nowMs: number): Verdict | undefined;
  spend(call: MatchedCall, nanoUsd: number, nowMs: number): void;
  /** What a guard of this id that counts the same calls has seen. */
  watchesOf(guard: Guard): Map<string, Watch> | undefined;
}

/** Agents and tasks watched per guard; who was not heard of for longest goes first. */
const MAX_WATCHED = 10_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
const STRICTNESS: Readonly<Record<Guard["action"], number>> = { alert: 0, throttle: 1, deny: 2 };

/** @param before - the guards that these replace: what they have learned is kept. */
export function createRunawayGuard(
  guards: readonly Guard[],
  onAlert: (alert: RunawayAlert) => void,
  before?: RunawayGuard,
): RunawayGuard {
  const all = guards.map((guard) => createWatchers(guard, before?.watchesOf(guard)));

  function judge(
    call: BudgetCall,
    each: (watchers: Watchers, scope: Scope) => Verdict | undefined,
  ): Verdict | undefined {
    let strictest: Verdict | undefined;
    for (const watchers of all) {
      const scope = matchPolicy(call, watchers);
      const verdict = scope && each(watchers, scope);
      if (verdict === undefined) continue;
      if (strictest === undefined || outranks(verdict, strictest)) strictest = verdict;
    }
    return strictest;
  }

  return {
    ask: (call, nowMs) =>
      judge(call, ({ guard, watchOf }, scope) => {
        const watch = watchOf(scope);
        const suspicion = watch.ask(guard, nowMs, call.fingerprint);
        if (suspicion === undefined) return undefined;
        if (watch.trips === 1) {
          const { sign, observed, limit } = suspicion;
          const { id, action } = guard;
          onAlert({ guard: id, scope, sign, action, observed, limit, atMs: nowMs });
        }
        return verdictOn(guard, scope, suspicion, watch.trips);
      }),
    look: (call, nowMs) =>
      judge(call, ({ guard, known }, scope) => {
        const watch = known(scope);
        const suspicion = watch?.look(guard, nowMs, call.fingerprint);
        return suspicion && verdictOn(guard, scope, suspicion, (watch?.trips ?? 0) + 1);
      }),
    spend(call, nanoUsd, nowMs) {
      for (const watchers of all) {
        const scope = matchPolicy(call, watchers);
        if (scope !== undefined) watchers.known(scope)?.spend(nowMs, nanoUsd);
      }
    },
    watchesOf: (guard) => all.find((one) => watchedBy(one.guard) === watchedBy(guard))?.watches,
  };
}

interface Watchers {
  readonly guard: Guard;
  readonly match: ReturnType<typeof compileMatch>;
  readonly each: Guard["each"];
  readonly watches: Map<string, Watch>;
  watchOf(scope: Scope): Watch;
  known(scope: Scope): Watch | undefined;
}

/** Guards of which it is the same see the same calls of the same agents. */
function watchedBy({ id, match, each }: Guard): string {
  return JSON.stringify([id, match, each]);
}

function createWatchers(guard: Guard, watches: Map<string, Watch> = new Map()): Watchers {
  return {
    guard,
    watches,
    match: compileMatch(guard.match),
    each: guard.each,
    known: (scope) => watches.get(keyOf(scope)),
    watchOf(scope) {
      const key = keyOf(scope);
      const watch = watches.get(key) ?? createWatch();
      watches.delete(key);
      for (const oldest of watches.keys()) {
        if (watches.size < MAX_WATCHED) break;
        watches.delete(oldest);
      }
      watches.set(key, watch);
      return watch;
    },
  };
}

function keyOf(scope: Scope): string {
  return scopeParts(scope).join("|");
}

function outranks(one: Verdict, other: Verdict): boolean {
  const difference = STRICTNESS[one.action] - STRICTNESS[other.action];
  return difference > 0 || (difference === 0 && one.delayMs > other.delayMs);
}

function verdictOn(guard: Guard, scope: Scope, suspicion: Suspicion, trips: number): Verdict {
  const { observed, limit, easesAtMs } = suspicion;
  return {
    guard: guard.id,
    action: guard.action,
    delayMs: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (trips - 1)),
    refusal: {
      budget: guard.id,
      reason: "runaway",
      unit: "requests",
      limit,
      remaining: 0,
      requested: 1,
      resetsAtMs: easesAtMs,
      detail: describeSuspicion(scope, suspicion, observed),
    },
  };
}

function describeSuspicion(scope: Scope, { sign, limit }: Suspicion, observed: number): string {
  const who = Object.entries(scope).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const of = who.length === 0 ? "" : ` of ${who.join(", ")}`;
  switch (sign) {
    case "calls_per_minute":
      return `${observed} calls${of} within a minute, ${limit} are allowed`;
    case "identical_in_a_row":
      return `${observed} requests${of} of the same content in a row, ${limit} are too many`;
    default:
      return `the last minute${of} brought ${observed.toFixed(1)} times the usual`;
  }
}
