import type { GrafanaConfig } from "../../config.ts";
import { BUDGET_LABELS } from "../../metrics/labels.ts";
import {
  budgetAmount,
  UNITS,
  UTILIZATION,
  WINDOW_END,
  WINDOW_START,
  type Unit,
} from "../../metrics/names.ts";
import { maxBy, overInstances, select } from "../../promql/promql.ts";
import { burnRanges } from "../burn-windows.ts";
import type { RecordingRule } from "../rule.ts";
import {
  burn,
  ELAPSED,
  END,
  HIGHEST_UTILIZATION,
  LIMIT,
  RESERVED,
  SPENT,
  SPENT_SHARE,
  START,
} from "./records.ts";

const ON_BUDGET = `on (${BUDGET_LABELS.join(", ")})`;

/** The same record in every unit that a budget may have. */
function perUnit(record: string, expression: (unit: Unit) => string): readonly RecordingRule[] {
  return UNITS.map((unit) => ({ record, expr: expression(unit), labels: { unit } }));
}

/** One budget is one series, whichever instances tell of it. */
export function budgetRecords(config: GrafanaConfig): readonly RecordingRule[] {
  const { selector } = config;

  return [
    ...perUnit(SPENT, (unit) => overInstances(budgetAmount("spent", unit), [selector])),
    ...perUnit(LIMIT, (unit) => overInstances(budgetAmount("limit", unit), [selector], "max")),
    ...perUnit(RESERVED, (unit) => overInstances(budgetAmount("reserved", unit), [selector])),
    { record: SPENT_SHARE, expr: `${SPENT} / (${LIMIT} > 0)` },
    highest(HIGHEST_UTILIZATION, UTILIZATION, selector),
    highest(START, WINDOW_START, selector),
    highest(END, WINDOW_END, selector),
    { record: ELAPSED, expr: `(time() - ${START}) / (${END} - ${START})` },
    ...burnRanges(config).map((minutes) => ({ record: burn(minutes), expr: burnOver(minutes) })),
  ];
}

/** Any process that is at its limit refuses: of several, the most used counts. */
function highest(record: string, metric: string, selector: string): RecordingRule {
  return { record, expr: maxBy(BUDGET_LABELS, `${select(metric, selector)} < +Inf`) };
}

/**
 * The share of the limit that was spent in a range, over what the window bears in that time. Spend starts anew
 * with a window, so within the first minutes of one all that it holds was spent in the range. `increase()` would
 * take every correction downwards for such a start.
 */
function burnOver(minutes: number): string {
  const range = `${minutes}m`;
  const seconds = minutes * 60;
  const sameWindow = `clamp_min(${SPENT} - ${SPENT} offset ${range}, 0) and ${ON_BUDGET} (${START} == ${START} offset ${range})`;
  const newWindow = `${SPENT} and ${ON_BUDGET} (${START} > time() - ${seconds})`;
  return `((${sameWindow}) or (${newWindow})) / (${LIMIT} > 0) * ${ON_BUDGET} group_left () ((${END} - ${START}) / ${seconds})`;
}
