import { CONFIG } from "../config.ts";
import type { HistogramNames } from "../metrics/prometheus-name.ts";
import {
  observationTotal,
  observedRate,
  overInstances,
  quantile,
  ratio,
  select,
  sumRate,
  total,
} from "../promql/promql.ts";
import { budgetAmount, type Unit } from "../metrics/names.ts";
import { BUDGETS, CALLS } from "./variables.ts";

/** The time shown. */
export const SHOWN = "$__range";
/** The shortest range of which a rate can be told. */
export const STEP = "$__rate_interval";

function chosen(metric: string, matchers: readonly string[]): string {
  return select(metric, CONFIG.selector, ...CALLS, ...matchers);
}

/** A rate by the minute: most apps make less than a call a second. */
export function perMinute(expression: string): string {
  return `${expression} * 60`;
}

/** Of the calls chosen, over the time shown. */
export function callsTotal(
  metric: string,
  labels: readonly string[] = [],
  ...matchers: readonly string[]
): string {
  return total(chosen(metric, matchers), SHOWN, labels);
}

/** Of the calls chosen, a second. */
export function callsRate(
  metric: string,
  labels: readonly string[] = [],
  ...matchers: readonly string[]
): string {
  return sumRate(chosen(metric, matchers), STEP, labels);
}

/** Of series that no filter is for, a second. */
export function anyRate(
  metric: string,
  labels: readonly string[] = [],
  ...matchers: readonly string[]
): string {
  return sumRate(select(metric, CONFIG.selector, ...matchers), STEP, labels);
}

export function anyTotal(
  metric: string,
  labels: readonly string[] = [],
  ...matchers: readonly string[]
): string {
  return total(select(metric, CONFIG.selector, ...matchers), SHOWN, labels);
}

export function observedQuantile(
  share: number,
  names: HistogramNames,
  matchers: readonly string[] = CALLS,
  labels: readonly string[] = [],
): string {
  return quantile(share, names, STEP, [CONFIG.selector, ...matchers], labels);
}

export function observed(
  what: "counts" | "sums",
  names: HistogramNames,
  matchers: readonly string[] = CALLS,
  labels: readonly string[] = [],
): string {
  return observedRate(what, names, STEP, [CONFIG.selector, ...matchers], labels);
}

/** What was observed on average. */
export function average(
  names: HistogramNames,
  matchers: readonly string[] = CALLS,
  labels: readonly string[] = [],
): string {
  return ratio(
    observed("sums", names, matchers, labels),
    observed("counts", names, matchers, labels),
  );
}

export function observedTotal(
  names: HistogramNames,
  matchers: readonly string[] = CALLS,
  labels: readonly string[] = [],
): string {
  return `(${observationTotal(names, SHOWN, [CONFIG.selector, ...matchers], labels)})`;
}

/** A budget's amount, whichever instances tell of it. */
export function budgetNow(
  what: "limit" | "spent" | "reserved" | "aggregate" | "divergence",
  unit: Unit,
): string {
  const own = what === "limit" ? "max" : "sum";
  return `(${overInstances(budgetAmount(what, unit), [CONFIG.selector, ...BUDGETS], own)})`;
}

/** Gives series a name that lack the label they are called by: Grafana calls them "Value". */
export function named(label: string, expression: string): string {
  return `label_replace(${expression}, "${label}", "(none)", "${label}", "")`;
}

/** The highest of a query's series, highest first. */
export function top(count: number, expression: string): string {
  return `sort_desc(topk(${count}, ${expression}))`;
}
