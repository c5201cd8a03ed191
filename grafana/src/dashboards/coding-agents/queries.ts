import { CONFIG } from "../../config.ts";
import { AGENT, COST_TYPE, MODEL, OUTCOME, PROJECT } from "../../metrics/labels.ts";
import {
  CACHE_READ_TOKENS,
  COST,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  REQUESTS,
} from "../../metrics/names.ts";
import { ratio } from "../../promql/promql.ts";
import { callsRate, callsTotal, top } from "../queries.ts";

/** By the agent's name: what attribution rules of the collector set. */
const CODING = `${AGENT}=~"${CONFIG.codingAgents}"`;
const MADE = `${OUTCOME}!="refused"`;

export const spend = (labels: readonly string[]): string => callsTotal(COST, labels, CODING);
export const share: string = ratio(spend([]), callsTotal(COST));
export const calls = (labels: readonly string[]): string =>
  callsTotal(REQUESTS, labels, CODING, MADE);
export const tokens = (labels: readonly string[]): string =>
  `${callsTotal(INPUT_TOKENS, labels, CODING)} + ${callsTotal(OUTPUT_TOKENS, labels, CODING)}`;
export const cacheShare = (labels: readonly string[]): string =>
  ratio(callsTotal(CACHE_READ_TOKENS, labels, CODING), callsTotal(INPUT_TOKENS, labels, CODING));
export const spendPerHour = (label: string): string => `${callsRate(COST, [label], CODING)} * 3600`;
export const topModels: string = top(10, spend([MODEL]));
export const byType: string = top(10, spend([COST_TYPE]));
export const tokenRate: readonly (readonly [name: string, expr: string])[] = [
  ["input", callsRate(INPUT_TOKENS, [], CODING)],
  ["of it from the cache", callsRate(CACHE_READ_TOKENS, [], CODING)],
  ["output", callsRate(OUTPUT_TOKENS, [], CODING)],
];
