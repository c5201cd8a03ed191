import type { Clock } from "@tollgate/core";
import { counterOf, type CompiledPolicy } from "../policy/compile.ts";
import type { BudgetState } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { Counter, CounterState, MaybePromise, StoreAnswer } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import type { Advice } from "./open-aggregates.ts";
import type { OpenLeases } from "./open-leases.ts";
import type { StoreAccess } from "./store-access.ts";

export interface StateReaderOptions {
  readonly policies: readonly CompiledPolicy[];
  readonly store: StoreAccess;
  readonly open: OpenLeases;
  readonly clock: Clock;
  readonly onNews: (answer: StoreAnswer) => void;
  readonly advice: Advice | undefined;
}

/**
 * Reads all counters that exist now. A budget that is not split by `each` is there from the start,
 * also when nothing was ever charged to it.
 */
export function createStateReader(
  options: StateReaderOptions,
): () => MaybePromise<readonly BudgetState[]> {
  const { policies, store, open, clock, onNews, advice } = options;
  const limits = new Map<string, number>();
  const declared: Counter[] = [];
  for (const policy of policies) {
    for (const limit of policy.limits) {
      limits.set(`${policy.id} ${limit.unit}`, limit.limit);
      if (policy.each.length === 0) declared.push(counterOf(policy, limit, {}));
    }
  }

  function toState(state: CounterState): BudgetState | undefined {
    const { budget, unit, scope } = state.counter;
    const limit = limits.get(`${budget} ${unit}`);
    // A shared store may hold budgets of other processors.
    if (limit === undefined) return undefined;
    const { spent, reserved, windowStartMs, windowEndMs } = state;
    const remaining = limit - spent - reserved;
    return {
      budget,
      unit,
      scope,
      limit,
      spent,
      reserved,
      remaining,
      ...(advice?.policies.has(budget) && { aggregate: advice.aggregates.spent(state.counter) }),
      windowStartMs,
      windowEndMs,
    };
  }

  return () => {
    open.keepAlive();
    return chain(store.states(), (answer) => {
      if (answer === undefined) return [];
      onNews(answer);
      const known = new Set(answer.states.map(({ counter }) => counter.key));
      const untouched = declared.filter(({ key }) => !known.has(key));
      return [...answer.states, ...untouched.map((counter) => emptyState(counter, clock.now()))]
        .map(toState)
        .filter((state) => state !== undefined);
    });
  };
}

function emptyState(counter: Counter, nowMs: number): CounterState {
  const { window } = counter;
  const { startMs, endMs } =
    window.kind === "calendar"
      ? calendarWindow(window.period, window.timezone, nowMs)
      : { startMs: undefined, endMs: undefined };
  return { counter, spent: 0, reserved: 0, windowStartMs: startMs, windowEndMs: endMs };
}
