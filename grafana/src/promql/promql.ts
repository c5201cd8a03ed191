import { BUDGET_LABELS, BUDGET_SCOPE } from "../metrics/labels.ts";
import type { HistogramNames } from "../metrics/prometheus-name.ts";

/** Series of a metric: `select("m", 'a="b"', range("5m"))` is left to {@link over}. */
export function select(metric: string, ...matchers: readonly string[]): string {
  const given = matchers.filter((matcher) => matcher !== "");
  return given.length === 0 ? metric : `${metric}{${given.join(", ")}}`;
}

function by(labels: readonly string[]): string {
  return labels.length === 0 ? "" : ` by (${labels.join(", ")})`;
}

export function sumBy(labels: readonly string[], expression: string): string {
  return `sum${by(labels)} (${expression})`;
}

export function maxBy(labels: readonly string[], expression: string): string {
  return `max${by(labels)} (${expression})`;
}

function rate(series: string, range: string): string {
  return `rate(${series}[${range}])`;
}

/** Series of one metric by several selectors: those that any of them finds, once. */
export type SeriesOf = string | readonly string[];

function each(series: SeriesOf, expression: (one: string) => string): string {
  return [series].flat().map(expression).join(" or ");
}

/** What a counter has grown by per second. */
export function sumRate(series: SeriesOf, range: string, labels: readonly string[] = []): string {
  return sumBy(
    labels,
    each(series, (one) => rate(one, range)),
  );
}

/**
 * What a counter has grown by in a range, its birth included.
 *
 * A series is usually born above zero between two scrapes, and `increase()` does not see its first value. So the
 * lowest value of series that were not there before the range is added.
 */
export function total(series: SeriesOf, range: string, labels: readonly string[] = []): string {
  const grown = sumBy(
    labels,
    each(series, (one) => `increase(${one}[${range}])`),
  );
  const born = sumBy(
    labels,
    each(series, (one) => `(min_over_time(${one}[${range}]) unless ${one} offset ${range})`),
  );
  // Neither side alone: where all series are new, or none is, one of the two is empty.
  return `(${grown} + ${born} or ${grown} or ${born})`;
}

/** A share, of which nothing is said where the whole is zero. */
export function ratio(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

/** One histogram under the names that it may have. */
function anyOf(names: readonly string[], matchers: readonly string[], range: string): string {
  return names.map((name) => rate(select(name, ...matchers), range)).join(" or ");
}

export function quantile(
  share: number,
  names: HistogramNames,
  range: string,
  matchers: readonly string[] = [],
  labels: readonly string[] = [],
): string {
  const buckets = sumBy([...labels, "le"], anyOf(names.buckets, matchers, range));
  return `histogram_quantile(${share}, ${buckets})`;
}

/** A quantile of what is rare, births included: one value that a series is born with is told. */
export function quantileOfFew(
  share: number,
  names: HistogramNames,
  range: string,
  matchers: readonly string[] = [],
  labels: readonly string[] = [],
): string {
  const buckets = names.buckets.map((name) =>
    total(select(name, ...matchers), range, [...labels, "le"]),
  );
  return `histogram_quantile(${share}, ${buckets.join(" or ")})`;
}

/** How many observations a second, or what they add up to. */
export function observedRate(
  what: "counts" | "sums",
  names: HistogramNames,
  range: string,
  matchers: readonly string[] = [],
  labels: readonly string[] = [],
): string {
  return sumBy(labels, anyOf(names[what], matchers, range));
}

/** How many observations in a range, births included. */
export function observationTotal(
  names: HistogramNames,
  range: string,
  matchers: readonly string[] = [],
  labels: readonly string[] = [],
): string {
  return names.counts.map((name) => total(select(name, ...matchers), range, labels)).join(" or ");
}

/**
 * A budget's amount over all instances. A shared store says the same to each of them; processes that keep
 * their own counters add up, but for their limit. A gauge that went away is NaN once, which is left out.
 */
export function overInstances(
  metric: string,
  matchers: readonly string[] = [],
  own: "sum" | "max" = "sum",
): string {
  const of = (scope: string): string => {
    const series = select(metric, `${BUDGET_SCOPE}="${scope}"`, ...matchers);
    return `(${series} < +Inf)`;
  };
  const shared = maxBy(BUDGET_LABELS, of("shared"));
  const apart = `${own}${by(BUDGET_LABELS)} (${of("process")})`;
  return `${shared} or ${apart}`;
}
