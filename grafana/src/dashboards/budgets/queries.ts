import { CONFIG } from "../../config.ts";
import { ACTION, BUDGET, BUDGET_LABELS, REASON } from "../../metrics/labels.ts";
import {
  DECISIONS,
  EXPOSURE,
  EXPOSURE_UNBOUNDED,
  OVERRUN,
  PRESUMED,
  RESERVE,
  THROTTLE,
  UTILIZATION,
  WINDOW_END,
  type Unit,
} from "../../metrics/names.ts";
import { maxBy, quantileOfFew, select, sumBy } from "../../promql/promql.ts";
import { burn } from "../../rules/recording/records.ts";
import { anyRate, anyTotal, budgetNow, observedQuantile, perMinute, STEP } from "../queries.ts";
import { BUDGETS } from "../variables.ts";

const CHOSEN = `${BUDGET}=~"$budget"`;
const gauge = (metric: string): string =>
  maxBy(BUDGET_LABELS, `${select(metric, CONFIG.selector, ...BUDGETS)} < +Inf`);

export const utilization: string = gauge(UTILIZATION);
export const secondsLeft: string = `${gauge(WINDOW_END)} - time() > 0`;
export const amount = (what: "limit" | "spent" | "reserved", unit: Unit): string =>
  budgetNow(what, unit);
export const remaining = (unit: Unit): string =>
  `${budgetNow("limit", unit)} - ${budgetNow("spent", unit)} - ${budgetNow("reserved", unit)}`;
export const isNear: string = `count(${utilization} >= ${CONFIG.budget.softLimit} < ${CONFIG.budget.exhausted}) or vector(0)`;
export const isExhausted: string = `count(${utilization} >= ${CONFIG.budget.exhausted}) or vector(0)`;
export const burnRate: string = select(burn(60), ...BUDGETS);
export const decisions: string = perMinute(anyRate(DECISIONS, [ACTION], CHOSEN));
export const refusalsByReason: string = `${anyTotal(
  DECISIONS,
  [BUDGET, REASON],
  CHOSEN,
  `${ACTION}="deny"`,
)} > 0`;
export const refused: string = `${anyTotal(DECISIONS, [], CHOSEN, `${ACTION}="deny"`)} or vector(0)`;
export const overrun: string = anyTotal(OVERRUN, [], CHOSEN);
export const presumed: string = anyTotal(PRESUMED, [], CHOSEN);
export const held: string = sumBy([BUDGET], budgetNow("reserved", "usd"));
export const exposure: string = sumBy([BUDGET], select(EXPOSURE, CONFIG.selector, CHOSEN));
export const unbounded: string = sumBy(
  [BUDGET],
  select(EXPOSURE_UNBOUNDED, CONFIG.selector, CHOSEN),
);
export const reserveTime = (share: number): string => observedQuantile(share, RESERVE, []);
export const throttleTime = (share: number): string =>
  quantileOfFew(share, THROTTLE, STEP, [CONFIG.selector, CHOSEN], [BUDGET]);
