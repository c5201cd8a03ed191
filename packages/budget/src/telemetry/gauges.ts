import { nanoUsdToUsd, type BudgetUnit } from "@tollgate/core";
import { ATTR_BUDGET, ATTR_BUDGET_SCOPE, ATTR_OVERFLOW } from "@tollgate/core/semconv";
import { METRIC_KEYS } from "../policy/metric-keys.ts";
import type { BudgetState } from "../processor.ts";

const LABELS: ReadonlyMap<string, string> = METRIC_KEYS;

export type Labels = Readonly<Record<string, string | boolean>>;

/** The amounts of one unit, in the unit people read: US dollars, tokens, requests. */
export interface GaugeAmounts {
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
  readonly remaining: number;
  /** Only of budgets that decide on aggregates. */
  readonly aggregate?: number | undefined;
  /** `aggregate` less `spent`. */
  readonly divergence?: number | undefined;
}

/** One budget, or one scope of it, as a set of gauge values. */
export interface BudgetGauges {
  readonly budget: string;
  readonly labels: Labels;
  /** Of the most used unit. */
  readonly utilization: number;
  readonly windowStartMs?: number | undefined;
  readonly windowEndMs: number | undefined;
  readonly amounts: Readonly<Partial<Record<BudgetUnit, GaugeAmounts>>>;
}

/** Below the limit of the SDK's readers, 2,000 series per instrument. */
const MAX_SERIES = 1_900;

/**
 * Turns states into what the gauges show.
 *
 * A budget counted per organisation, project, agent, provider or model has one series for each. One
 * counted per task, user or anything else without bound shows only its highest utilization. Past
 * 1,900 series, newcomers are added up in one overflow series per budget. Who has a series keeps it:
 * the SDK shows a series that is no longer observed at its last value for ever.
 *
 * @param budgets - how many are declared; each may take one series that is not a scope's.
 */
export function createGaugeReader(
  storeScope: "process" | "shared",
  budgets: () => number,
): (states: readonly BudgetState[]) => BudgetGauges[] {
  const named = new Set<string>();

  function hasSeries(key: string, { split }: ScopeGauges): boolean {
    if (!split || named.has(key)) return true;
    if (named.size >= MAX_SERIES - budgets()) return false;
    named.add(key);
    return true;
  }

  return (states) => {
    const own: BudgetGauges[] = [];
    const overflow: ScopeGauges[] = [];
    const unbounded: ScopeGauges[] = [];
    for (const [key, group] of groupByScope(states)) {
      const gauges = toGauges(group, storeScope);
      if (!gauges.bounded) unbounded.push(gauges);
      else if (hasSeries(key, gauges)) own.push(gauges);
      else overflow.push(gauges);
    }
    return [...own, ...addUpPerBudget(overflow), ...highestPerBudget(unbounded)];
  };
}

interface ScopeGauges extends BudgetGauges {
  /** It is one of several scopes of its budget. */
  readonly split: boolean;
  /** Its scope has no values without bound. */
  readonly bounded: boolean;
}

function groupByScope(states: readonly BudgetState[]): Map<string, BudgetState[]> {
  const groups = new Map<string, BudgetState[]>();
  for (const state of states) {
    const key = JSON.stringify([state.budget, state.scope]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [state]);
    else group.push(state);
  }
  return groups;
}

function toGauges(states: readonly BudgetState[], storeScope: string): ScopeGauges {
  const amounts: Partial<Record<BudgetUnit, GaugeAmounts>> = {};
  const labels: Record<string, string> = { [ATTR_BUDGET_SCOPE]: storeScope };
  let utilization = 0;
  let budget = "";
  let bounded = true;
  let split = false;
  let windowStartMs: number | undefined;
  let windowEndMs: number | undefined;
  for (const state of states) {
    budget = state.budget;
    labels[ATTR_BUDGET] = budget;
    ({ windowStartMs, windowEndMs } = state);
    utilization = Math.max(utilization, (state.spent + state.reserved) / state.limit);
    amounts[state.unit] = amountsOf(state);
    for (const [key, value] of Object.entries(state.scope)) {
      const label = LABELS.get(key);
      split = true;
      if (label === undefined) bounded = false;
      else labels[label] = value;
    }
  }
  return { budget, labels, split, bounded, utilization, windowStartMs, windowEndMs, amounts };
}

function amountsOf(state: BudgetState): GaugeAmounts {
  const { unit, limit, spent, reserved, remaining, aggregate } = state;
  const show = (amount: number): number => (unit === "usd" ? nanoUsdToUsd(amount) : amount);
  return {
    limit: show(limit),
    spent: show(spent),
    reserved: show(reserved),
    remaining: show(remaining),
    ...(aggregate !== undefined && {
      aggregate: show(aggregate),
      divergence: show(aggregate - spent),
    }),
  };
}

function highestPerBudget(all: readonly ScopeGauges[]): BudgetGauges[] {
  const highest = new Map<string, BudgetGauges>();
  for (const { budget, labels, utilization } of all) {
    if ((highest.get(budget)?.utilization ?? -1) >= utilization) continue;
    const own = {
      [ATTR_BUDGET]: budget,
      [ATTR_BUDGET_SCOPE]: labels[ATTR_BUDGET_SCOPE] ?? "",
    };
    highest.set(budget, { budget, labels: own, utilization, windowEndMs: undefined, amounts: {} });
  }
  return [...highest.values()];
}

function addUpPerBudget(all: readonly ScopeGauges[]): BudgetGauges[] {
  const sums = new Map<string, BudgetGauges>();
  for (const { budget, labels, utilization, windowStartMs, windowEndMs, amounts } of all) {
    const sum = sums.get(budget);
    const own = {
      [ATTR_BUDGET]: budget,
      [ATTR_BUDGET_SCOPE]: labels[ATTR_BUDGET_SCOPE] ?? "",
      [ATTR_OVERFLOW]: true,
    };
    sums.set(budget, {
      budget,
      labels: own,
      utilization: Math.max(utilization, sum?.utilization ?? 0),
      windowStartMs: latest(windowStartMs, sum?.windowStartMs),
      windowEndMs: latest(windowEndMs, sum?.windowEndMs),
      amounts: sum === undefined ? amounts : addAmounts(sum.amounts, amounts),
    });
  }
  return [...sums.values()];
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return Math.max(one ?? 0, other ?? 0) || undefined;
}

function addAmounts(
  one: BudgetGauges["amounts"],
  other: BudgetGauges["amounts"],
): BudgetGauges["amounts"] {
  const sum: Partial<Record<BudgetUnit, GaugeAmounts>> = { ...one };
  for (const unit of ["usd", "tokens", "requests"] as const) {
    const [a, b] = [one[unit], other[unit]];
    if (b === undefined) continue;
    sum[unit] = a === undefined ? b : addUnit(a, b);
  }
  return sum;
}

function addUnit(a: GaugeAmounts, b: GaugeAmounts): GaugeAmounts {
  return {
    limit: a.limit + b.limit,
    spent: a.spent + b.spent,
    reserved: a.reserved + b.reserved,
    remaining: a.remaining + b.remaining,
    aggregate: addKnown(a.aggregate, b.aggregate),
    divergence: addKnown(a.divergence, b.divergence),
  };
}

function addKnown(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one + other;
}
