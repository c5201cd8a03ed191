import { CONFIG } from "../../config.ts";
import { AGENT, COST_TYPE, MODEL, OUTCOME, PROJECT } from "../../metrics/labels.ts";
import {
  CACHE_READ_TOKENS,
  COST,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  REQUESTS,
} from "../../metrics/names.ts";
import { ratio, select, sumRate, total } from "../../promql/promql.ts";
import { callsTotal, named, SHOWN, STEP, top } from "../queries.ts";
import { CALLS } from "../variables.ts";

/** By the agent's name, or by the project's, which is the sender's service name unless a rule says otherwise. */
function coding(metric: string, ...matchers: readonly string[]): readonly string[] {
  return [AGENT, PROJECT].map((label) =>
    select(metric, CONFIG.selector, ...CALLS, `${label}=~"${CONFIG.codingAgents}"`, ...matchers),
  );
}

const totals = (metric: string, labels: readonly string[], ...matchers: string[]): string =>
  total(coding(metric, ...matchers), SHOWN, labels);
const rates = (metric: string, labels: readonly string[] = []): string =>
  sumRate(coding(metric), STEP, labels);

export const spend = (labels: readonly string[]): string => totals(COST, labels);
export const share: string = ratio(spend([]), callsTotal(COST));
export const calls = (labels: readonly string[]): string =>
  totals(REQUESTS, labels, `${OUTCOME}!="refused"`);
export const tokens = (labels: readonly string[]): string =>
  `${totals(INPUT_TOKENS, labels)} + ${totals(OUTPUT_TOKENS, labels)}`;
export const cacheShare = (labels: readonly string[]): string =>
  ratio(totals(CACHE_READ_TOKENS, labels), totals(INPUT_TOKENS, labels));
export const spendPerHour = (label: string): string =>
  named(label, `${rates(COST, [label])} * 3600`);
export const topModels: string = top(10, spend([MODEL]));
export const byType: string = top(10, spend([COST_TYPE]));
export const tokenRate: readonly (readonly [name: string, expr: string])[] = [
  ["input", rates(INPUT_TOKENS)],
  ["of it from the cache", rates(CACHE_READ_TOKENS)],
  ["output", rates(OUTPUT_TOKENS)],
];
