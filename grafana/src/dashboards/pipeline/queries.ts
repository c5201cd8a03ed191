import { CONFIG } from "../../config.ts";
import { BUDGET, MODEL, OUTCOME, OVERFLOW, PROVIDER, SIGNAL } from "../../metrics/labels.ts";
import {
  AGGREGATES_AGE,
  AGGREGATES_FAILURES,
  budgetAmount,
  COLLECTOR_BYTES,
  COLLECTOR_CUT,
  COLLECTOR_DECODE,
  COLLECTOR_DEFERRED,
  COLLECTOR_EVENTS,
  COLLECTOR_QUEUE_BYTES,
  COLLECTOR_QUEUE_REQUESTS,
  COLLECTOR_RECORDS,
  COLLECTOR_REQUESTS,
  COLLECTOR_SIGHTED,
  COLLECTOR_WAITING,
  ESTIMATED,
  PREFIX_PRICED,
  PRICES_AGE,
  PROCESS_INFO,
  REQUESTS,
  STORE_ERRORS,
  TOKENS_ESTIMATED,
  UNITS,
  UNPRICED,
} from "../../metrics/names.ts";
import { maxBy, select, sumBy } from "../../promql/promql.ts";
import { anyRate, anyTotal, callsTotal, observedQuantile, perMinute } from "../queries.ts";

const gauge = (metric: string, ...matchers: readonly string[]): string =>
  select(metric, CONFIG.selector, ...matchers);

export const collectorsUp: string = `sum(up{${CONFIG.collectorSelector}})`;
export const processes: string = `count(${gauge(PROCESS_INFO)})`;
export const pricesAge: string = `max(${gauge(PRICES_AGE)})`;
export const unpriced: string = `${callsTotal(UNPRICED)} or vector(0)`;
export const prefixPriced: string = `${callsTotal(PREFIX_PRICED)} or vector(0)`;
export const estimated: string = `${callsTotal(ESTIMATED)} or vector(0)`;
export const estimatedTokens: string = `${callsTotal(TOKENS_ESTIMATED)} or vector(0)`;
export const overflow: string = `${anyTotal(REQUESTS, [], `${OVERFLOW}="true"`)} or vector(0)`;
export const storeErrors: string = perMinute(anyRate(STORE_ERRORS));
export const unpricedModels: string = `${callsTotal(UNPRICED, [PROVIDER, MODEL])} > 0`;
export const requests: string = perMinute(anyRate(COLLECTOR_REQUESTS, [OUTCOME]));
export const records: string = perMinute(anyRate(COLLECTOR_RECORDS, [SIGNAL, OUTCOME]));
export const events: string = perMinute(anyRate(COLLECTOR_EVENTS, [OUTCOME]));
export const sighted: string = perMinute(anyRate(COLLECTOR_SIGHTED));
export const cut: string = perMinute(
  `(${anyRate(COLLECTOR_CUT, [SIGNAL])} or 0 * ${anyRate(COLLECTOR_REQUESTS, [SIGNAL])})`,
);
export const bytes: string = anyRate(COLLECTOR_BYTES, [SIGNAL]);
export const decode: string = observedQuantile(0.99, COLLECTOR_DECODE, [], [SIGNAL]);
export const queueBytes: string = sumBy([], gauge(COLLECTOR_QUEUE_BYTES));
export const queueRequests: string = sumBy([], gauge(COLLECTOR_QUEUE_REQUESTS));
export const waiting: string = sumBy([], gauge(COLLECTOR_WAITING));
export const deferred: string = perMinute(anyRate(COLLECTOR_DEFERRED));
export const aggregatesAge: string = maxBy([BUDGET], gauge(AGGREGATES_AGE));
export const aggregatesFailures: string = anyRate(AGGREGATES_FAILURES, [BUDGET]);
/** How far metrics and ledger are apart, as a share of the limit, in whichever unit it has. */
export const divergence: string = UNITS.map((unit) => {
  const of = (what: "divergence" | "limit"): string =>
    maxBy([BUDGET], gauge(budgetAmount(what, unit)));
  return `${of("divergence")} / ${of("limit")}`;
}).join(" or ");
