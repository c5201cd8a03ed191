import { CONFIG } from "../../config.ts";
import {
  ACTION,
  BUDGET,
  MODEL,
  ORGANIZATION,
  OUTCOME,
  PROJECT,
  PROVIDER,
} from "../../metrics/labels.ts";
import {
  COST,
  DECISIONS,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  REQUESTS,
  UTILIZATION,
} from "../../metrics/names.ts";
import { maxBy, ratio, select } from "../../promql/promql.ts";
import { anyTotal, callsRate, callsTotal, named, perMinute, top } from "../queries.ts";

const MADE = `${OUTCOME}!="refused"`;
const utilization = maxBy([BUDGET], `${select(UTILIZATION, CONFIG.selector)} < +Inf`);

export const spend: string = callsTotal(COST);
export const spendPerHourByModel: string = `${callsRate(COST, [PROVIDER, MODEL])} * 3600`;
export const calls: string = callsTotal(REQUESTS, [], MADE);
export const callRateByOutcome: string = perMinute(callsRate(REQUESTS, [OUTCOME]));
export const tokens: string = `${callsTotal(INPUT_TOKENS)} + ${callsTotal(OUTPUT_TOKENS)}`;
export const errorShare: string = ratio(
  `(${callsTotal(REQUESTS, [], `${OUTCOME}="error"`)} or 0 * ${calls})`,
  calls,
);
export const refused: string = `${anyTotal(DECISIONS, [], `${ACTION}="deny"`)} or vector(0)`;
export const costPerCall: string = ratio(spend, calls);
export const topModels: string = top(8, callsTotal(COST, [MODEL]));
export const topProjects: string = named(
  PROJECT,
  named(ORGANIZATION, top(8, callsTotal(COST, [ORGANIZATION, PROJECT]))),
);
export const utilizationByBudget: string = top(10, utilization);
export const fullestBudget: string = `max(${utilization})`;
/** What fires, with the names that tell which one it is. */
export const firing: string = `ALERTS{alertstate="firing", alertname=~"Tollgate.*"}`;
