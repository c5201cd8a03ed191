import type { BudgetUnit } from "@tollgate/core";
import {
  ATTR_OUTCOME,
  ATTR_PROCESS_ID,
  METRIC_PROCESS_INFO,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { METRIC_KEYS } from "../../policy/metric-keys.ts";
import type { MatchKey } from "../../policy/policy.ts";
import { COUNTED_BY, UNCHARGED_OUTCOMES } from "../counted.ts";

/** What evaluates an expression: `increase` of MetricsQL counts the first value of a series, PromQL's does not. */
export type Dialect = "promql" | "metricsql";

/** Tells the parts of a sum apart: what all processes spent, and what of it was this one's. */
export const PART_LABEL = "tollgate_part";
export const FLEET = "fleet";
export const OWN = "own";

export interface SpendQuestion {
  readonly policy: CompiledPolicy;
  readonly unit: BudgetUnit;
  /** From the window's start to the time of the evaluation. */
  readonly rangeMs: number;
  /** Since this process began to count. */
  readonly lifeMs: number;
  readonly processId: string;
  /** What the series of one process have in common. */
  readonly processLabels: readonly string[];
  readonly dialect: Dialect;
}

/**
 * One expression for a policy and a unit: a sample for each value of the policy's `each` keys and each part.
 *
 * Of the fleet's sum, this process's share is told apart: the series
 * with the labels of the one that carries its id, from the time on that it began to count.
 */
export function spendExpression(question: SpendQuestion): string {
  const { policy, unit, processId, processLabels, rangeMs, lifeMs, dialect } = question;
  const series = COUNTED_BY[unit].map((metric) => selector(metric, policy, unit));
  const isYoung = lifeMs < rangeMs;
  const ownRange = duration(isYoung ? lifeMs : rangeMs);
  const info = `${promName(METRIC_PROCESS_INFO.name)}{${promName(ATTR_PROCESS_ID)}=${quote(processId)}}`;
  const ofOwn = (expression: string): string =>
    `(${expression}) and on (${processLabels.join(", ")}) last_over_time(${info}[${ownRange}])`;

  const parts: string[] = [];
  const add = (part: string, expression: string): void => {
    // Numbered, because `or` drops what has the labels of another part.
    const name = quote(`${part} ${parts.length}`);
    parts.push(`label_replace(${expression}, ${quote(PART_LABEL)}, ${name}, "", "")`);
  };
  for (const each of series) {
    const grown = growth(each, duration(rangeMs), dialect);
    for (const expression of grown) add(FLEET, expression);
    // Counters begin at zero with their process, so that their last value is all of a young one's share.
    const own = isYoung ? [`max_over_time(${each}[${ownRange}])`] : grown;
    for (const expression of own) add(OWN, ofOwn(expression));
  }
  const by = [...policy.each.map((key) => keyLabel(key)), PART_LABEL];
  return `sum by (${by.join(", ")}) (\n  ${parts.join("\n  or ")}\n)`;
}

/**
 * What a series grew by: its last value less the one at the range's start, or all of it when it was born since.
 * `increase()` would miss the first value of what is born, and extrapolates; it is needed only for series that
 * began anew in the range, of which the values before are added up.
 */
function growth(series: string, range: string, dialect: Dialect): readonly string[] {
  if (dialect === "metricsql") return [`increase_pure(${series}[${range}])`];
  const beganAnew = `(resets(${series}[${range}]) > 0)`;
  const before = `${series} offset ${range}`;
  const last = `(max_over_time(${series}[${range}]) unless ${beganAnew})`;
  return [
    `((${last} - ${before}) or ${last})`,
    `(increase(${series}[${range}]) and ${beganAnew})`,
    `((min_over_time(${series}[${range}]) unless ${before}) and ${beganAnew})`,
  ];
}

/** The label that holds the values of a key. */
export function keyLabel(key: MatchKey): string {
  return promName(METRIC_KEYS.get(key) ?? key);
}

function selector(metric: MetricDefinition, policy: CompiledPolicy, unit: BudgetUnit): string {
  const matchers = policy.match.flatMap(([key, pattern]) => matchersOf(keyLabel(key), pattern));
  for (const key of policy.each) matchers.push(`${keyLabel(key)}!=""`);
  if (unit === "requests") {
    matchers.push(`${promName(ATTR_OUTCOME)}!~${quote(UNCHARGED_OUTCOMES.join("|"))}`);
  }
  return `${promName(metric.name)}_total{${matchers.join(",")}}`;
}

function matchersOf(label: string, pattern: string): string[] {
  if (!pattern.includes("*")) return [`${label}=${quote(pattern)}`];
  const expression = pattern
    .replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`)
    .replaceAll("*", ".*");
  return [`${label}!=""`, `${label}=~${quote(expression)}`];
}

/** Whole milliseconds, and no empty range when a window has just begun. */
function duration(durationMs: number): string {
  return `${Math.max(1, Math.ceil(durationMs))}ms`;
}

/** Escapes of JSON are escapes of PromQL: both take them from C. */
function quote(text: string): string {
  return JSON.stringify(text);
}

/** Of a metric or an attribute. Our metrics get no unit added. */
function promName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_]/g, "_");
}
