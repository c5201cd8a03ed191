import { CONFIG } from "../../config.ts";
import {
  AGENT,
  COST_TYPE,
  ERROR_TYPE,
  MODEL,
  ORGANIZATION,
  OUTCOME,
  PROJECT,
  PROVIDER,
  WORKFLOW,
} from "../../metrics/labels.ts";
import { COST, INPUT_TOKENS, OUTPUT_TOKENS, REQUESTS, TASK_DURATION } from "../../metrics/names.ts";
import { ratio, select, total } from "../../promql/promql.ts";
import { callsRate, callsTotal, named, observedTotal, SHOWN, top } from "../queries.ts";
import { TASKS } from "../variables.ts";

const WHO = [ORGANIZATION, PROJECT, AGENT];
const MADE = `${OUTCOME}!="refused"`;

export const spend = (labels: readonly string[]): string => callsTotal(COST, labels);
export const topSpend = (label: string): string => named(label, top(10, callsTotal(COST, [label])));
export const calls = (labels: readonly string[]): string => callsTotal(REQUESTS, labels, MADE);
export const tokens = (labels: readonly string[]): string =>
  `${callsTotal(INPUT_TOKENS, labels)} + ${callsTotal(OUTPUT_TOKENS, labels)}`;
export const perThousandCalls = (labels: readonly string[]): string =>
  `1000 * ${ratio(spend(labels), calls(labels))}`;
export const WHO_LABELS: readonly string[] = WHO;
export const MODEL_LABELS: readonly string[] = [PROVIDER, MODEL];
export const spendPerHour = (label: string): string =>
  named(label, `${callsRate(COST, [label])} * 3600`);
export const spendByType: string = `${callsRate(COST, [COST_TYPE])} * 3600`;

const completed = [...TASKS, `${ERROR_TYPE}=""`];
/** Tasks have neither agent nor model: the whole spend of the organisations and projects chosen. */
const spendOfProjects = total(select(COST, CONFIG.selector, ...TASKS), SHOWN);
export const tasksCompleted: string = observedTotal(TASK_DURATION, completed);
export const costPerTask: string = ratio(spendOfProjects, tasksCompleted);
export const tasksByWorkflow: string = named(
  WORKFLOW,
  top(10, observedTotal(TASK_DURATION, completed, [WORKFLOW])),
);
