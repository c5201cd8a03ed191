import type { Clock } from "@tollgate/core";
import { counterOf, type CompiledPolicy } from "../policy/compile.ts";
import type { BudgetState } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { Journal } from "../journal/journal.ts";
import { readControlKey } from "../policy/control-keys.ts";
import type {
  Control,
  Counter,
  CounterState,
  MaybePromise,
  StoreAnswer,
  StoredControl,
} from "../store/store.ts";
import type { OpenAggregates } from "../aggregates/source.ts";
import { calendarWindow } from "../window/calendar.ts";
import { windowKey } from "../window/window.ts";
import type { OpenLeases } from "./open-leases.ts";
import type { Rules, RulesInForce } from "./rules.ts";
import type { StoreAccess } from "./store-access.ts";

export interface StateReaderOptions {
  readonly rules: RulesInForce;
  readonly store: StoreAccess;
  readonly open: OpenLeases;
  readonly clock: Clock;
  readonly journal: Journal | undefined;
  readonly onNews: (answer: StoreAnswer) => void;
  readonly aggregates: OpenAggregates | undefined;
}

/**
 * Reads all counters that exist now. A budget that is not split by `each` is there from the start,
 * also when nothing was ever charged to it.
 */
export function createStateReader(
  options: StateReaderOptions,
): () => MaybePromise<readonly BudgetState[]> {
  const { rules, store, open, clock, journal, onNews, aggregates } = options;

  function toState(
    { byId, advised }: Rules,
    state: CounterState,
    controls: ReadonlyMap<string, Control>,
  ): BudgetState[] {
    const { budget, unit, scope } = state.counter;
    const declaredLimit = limitOf(byId.get(budget), state.counter);
    // A store may hold budgets of other processors, and of rules that hold no longer.
    if (declaredLimit === undefined) return [];
    let limit = declaredLimit;
    let frozen = false;
    for (const key of state.counter.controls) {
      const control = controls.get(key);
      limit = control?.limit ?? limit;
      frozen ||= control?.frozen === true;
    }
    const { spent, reserved, extra, windowStartMs, windowEndMs } = state;
    limit += extra;
    const remaining = limit - spent - reserved;
    const amounts = {
      limit,
      extra,
      frozen,
      spent,
      reserved,
      remaining,
      ...(advised.has(budget) && { aggregate: aggregates?.spent(state.counter) }),
    };
    return [{ budget, unit, scope, ...amounts, windowStartMs, windowEndMs }];
  }

  return () => {
    open.keepAlive();
    return chain(store.states(), (answer) => {
      if (answer === undefined) return [];
      journal?.news(answer);
      onNews(answer);
      const controls = new Map(answer.controls.map((control) => [control.key, control]));
      const states = new Map(answer.states.map((state) => [state.counter.key, state]));
      const { current } = rules;
      for (const counter of [...declared(current), ...spokenOf(current, answer.controls)]) {
        if (!states.has(counter.key)) states.set(counter.key, emptyState(counter, clock.now()));
      }
      return [...states.values()].flatMap((state) => toState(current, state, controls));
    });
  };
}

function declared({ policies }: Rules): Counter[] {
  return policies
    .filter(({ each }) => each.length === 0)
    .flatMap((policy) => policy.limits.map((limit) => counterOf(policy, limit, {})));
}

/** Counters that an operator spoke of before any call came. */
function spokenOf({ byId }: Rules, controls: readonly StoredControl[]): Counter[] {
  return controls.flatMap(({ key }) => {
    const target = readControlKey(key);
    const policy = target && byId.get(target.budget);
    if (target === undefined || policy === undefined || policy.each.length === 0) return [];
    const { scope } = target;
    if (!policy.each.every((name) => scope[name] !== undefined)) return [];
    return policy.limits.map((limit) => counterOf(policy, limit, scope));
  });
}

/** A budget whose window or `each` was changed counts elsewhere now. */
function limitOf(policy: CompiledPolicy | undefined, counter: Counter): number | undefined {
  if (policy === undefined || windowKey(policy.window) !== windowKey(counter.window))
    return undefined;
  const names = Object.keys(counter.scope);
  const each: readonly string[] = policy.each;
  if (names.length !== each.length || !names.every((name) => each.includes(name))) return undefined;
  return policy.limits.find(({ unit }) => unit === counter.unit)?.limit;
}

function emptyState(counter: Counter, nowMs: number): CounterState {
  const { window } = counter;
  const { startMs, endMs } =
    window.kind === "calendar"
      ? calendarWindow(window.period, window.timezone, nowMs)
      : { startMs: undefined, endMs: undefined };
  return { counter, spent: 0, reserved: 0, extra: 0, windowStartMs: startMs, windowEndMs: endMs };
}
