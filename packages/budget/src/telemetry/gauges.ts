import { nanoUsdToUsd, type BudgetUnit } from "@tollgate/core";
import {
  ATTR_AGENT,
  ATTR_BUDGET,
  ATTR_BUDGET_SCOPE,
  ATTR_ORGANIZATION,
  ATTR_OVERFLOW,
  ATTR_PROJECT,
  ATTR_PROVIDER_NAME,
  ATTR_REQUEST_MODEL,
} from "@tollgate/core/semconv";
import type { MatchKey } from "../policy/policy.ts";
import type { BudgetState } from "../processor.ts";

/** What may become a label; everything else varies without bound. */
const LABELS: ReadonlyMap<string, string> = new Map<MatchKey, string>([
  ["organization", ATTR_ORGANIZATION],
  ["project", ATTR_PROJECT],
  ["agent", ATTR_AGENT],
  ["provider", ATTR_PROVIDER_NAME],
  ["model", ATTR_REQUEST_MODEL],
]);

export type Labels = Readonly<Record<string, string | boolean>>;

/** The amounts of one unit, in the unit people read: US dollars, tokens, requests. */
export interface GaugeAmounts {
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
  readonly remaining: number;
}

/** One budget, or one scope of it, as a set of gauge values. */
export interface BudgetGauges {
  readonly labels: Labels;
  /** Of the most used unit. */
  readonly utilization: number;
  readonly windowEndMs: number | undefined;
  readonly amounts: Readonly<Partial<Record<BudgetUnit, GaugeAmounts>>>;
}

/** Below the reader's own limit of 2,000 series per instrument, which keeps only a part of the rest. */
const MAX_SERIES = 1_900;

/**
 * What the gauges of all budgets show.
 *
 * A budget counted per organisation, project, agent, provider or model has one series for each. One
 * counted per task, user or anything else without bound shows only its highest utilization. Past
 * 1,900 series the least used ones are added up, one overflow series per budget.
 */
export function gaugesOf(
  states: readonly BudgetState[],
  storeScope: "process" | "shared",
): BudgetGauges[] {
  const all = [...groupByScope(states).values()].map((group) => toGauges(group, storeScope));
  const named = all.filter((gauges) => gauges.bounded);
  const highest = highestPerBudget(all.filter((gauges) => !gauges.bounded));
  if (named.length + highest.length <= MAX_SERIES) return [...named, ...highest];
  named.sort((one, other) => other.utilization - one.utilization);
  const budgets = new Set(named.map(({ budget }) => budget)).size;
  const kept = Math.max(0, MAX_SERIES - highest.length - budgets);
  return [...named.slice(0, kept), ...addUpPerBudget(named.slice(kept)), ...highest];
}

interface ScopeGauges extends BudgetGauges {
  readonly budget: string;
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
  let windowEndMs: number | undefined;
  for (const state of states) {
    budget = state.budget;
    labels[ATTR_BUDGET] = budget;
    windowEndMs = state.windowEndMs;
    utilization = Math.max(utilization, (state.spent + state.reserved) / state.limit);
    amounts[state.unit] = amountsOf(state);
    for (const [key, value] of Object.entries(state.scope)) {
      const label = LABELS.get(key);
      if (label === undefined) bounded = false;
      else labels[label] = value;
    }
  }
  return { budget, labels, bounded, utilization, windowEndMs, amounts };
}

function amountsOf({ unit, limit, spent, reserved, remaining }: BudgetState): GaugeAmounts {
  if (unit !== "usd") return { limit, spent, reserved, remaining };
  return {
    limit: nanoUsdToUsd(limit),
    spent: nanoUsdToUsd(spent),
    reserved: nanoUsdToUsd(reserved),
    remaining: nanoUsdToUsd(remaining),
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
    highest.set(budget, { labels: own, utilization, windowEndMs: undefined, amounts: {} });
  }
  return [...highest.values()];
}

function addUpPerBudget(all: readonly ScopeGauges[]): BudgetGauges[] {
  const sums = new Map<string, BudgetGauges>();
  for (const { budget, labels, utilization, windowEndMs, amounts } of all) {
    const sum = sums.get(budget);
    const own = {
      [ATTR_BUDGET]: budget,
      [ATTR_BUDGET_SCOPE]: labels[ATTR_BUDGET_SCOPE] ?? "",
      [ATTR_OVERFLOW]: true,
    };
    sums.set(budget, {
      labels: own,
      utilization: Math.max(utilization, sum?.utilization ?? 0),
      windowEndMs: Math.max(windowEndMs ?? 0, sum?.windowEndMs ?? 0) || undefined,
      amounts: sum === undefined ? amounts : addAmounts(sum.amounts, amounts),
    });
  }
  return [...sums.values()];
}

function addAmounts(
  one: BudgetGauges["amounts"],
  other: BudgetGauges["amounts"],
): BudgetGauges["amounts"] {
  const sum: Partial<Record<BudgetUnit, GaugeAmounts>> = { ...one };
  for (const unit of ["usd", "tokens", "requests"] as const) {
    const [a, b] = [one[unit], other[unit]];
    if (b === undefined) continue;
    sum[unit] = {
      limit: (a?.limit ?? 0) + b.limit,
      spent: (a?.spent ?? 0) + b.spent,
      reserved: (a?.reserved ?? 0) + b.reserved,
      remaining: (a?.remaining ?? 0) + b.remaining,
    };
  }
  return sum;
}
