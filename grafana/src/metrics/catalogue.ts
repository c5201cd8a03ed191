import * as semconv from "@tollgate/core/semconv";
import type { MetricDefinition } from "@tollgate/core/semconv";
import {
  ACTION,
  AGENT,
  BUDGET,
  BUDGET_SCOPE,
  COST_TYPE,
  ERROR_TYPE,
  MODEL,
  ORGANIZATION,
  OUTCOME,
  PROJECT,
  PROVIDER,
  REASON,
  RUN_AGENT,
  SIGNAL,
  TOOL,
  WORKFLOW,
} from "./labels.ts";
import { label } from "./prometheus-name.ts";

export type Kind = "counter" | "gauge" | "histogram";

/** What metrics say of whom. */
export interface MetricFamily {
  readonly title: string;
  /** Who emits them. */
  readonly source: string;
  readonly metrics: readonly Metric[];
}

export interface Metric {
  readonly definition: MetricDefinition;
  readonly kind: Kind;
  /** As Prometheus shows them. */
  readonly labels: readonly string[];
}

/** What every call has. */
export const CALL_LABELS: readonly string[] = [
  label(semconv.ATTR_OPERATION_NAME),
  PROVIDER,
  MODEL,
  label(semconv.ATTR_RESPONSE_MODEL),
  ORGANIZATION,
  PROJECT,
  AGENT,
];
const MODALITY = label(semconv.ATTR_TOKEN_MODALITY);
const TOKEN_TYPE = label(semconv.ATTR_TOKEN_TYPE);
const PROTOCOL = label(semconv.ATTR_COLLECTOR_PROTOCOL);
const BUDGET_OF = [BUDGET, BUDGET_SCOPE, "those of `each:`"];

const of =
  (kind: Kind) =>
  (definition: MetricDefinition, ...labels: readonly string[]): Metric => ({
    definition,
    kind,
    labels,
  });
const counter = of("counter");
const gauge = of("gauge");
const histogram = of("histogram");

const AMOUNTS = (["limit", "spent", "reserved", "remaining", "aggregate", "divergence"] as const)
  .flatMap((what) =>
    (["usd", "tokens", "requests"] as const).map((unit) => semconv.budgetGauge(what, unit)),
  )
  .map((definition) => gauge(definition, ...BUDGET_OF));

/** Every metric there is. */
export const METRICS: readonly MetricFamily[] = [
  {
    title: "Calls",
    source: "every metered app; a collector, for what it is told of",
    metrics: [
      counter(semconv.METRIC_COST_USD, ...CALL_LABELS, COST_TYPE),
      counter(semconv.METRIC_REQUESTS, ...CALL_LABELS, OUTCOME),
      counter(semconv.METRIC_REQUESTS_UNPRICED, ...CALL_LABELS),
      counter(semconv.METRIC_REQUESTS_PREFIX_PRICED, ...CALL_LABELS),
      counter(semconv.METRIC_REQUESTS_ESTIMATED, ...CALL_LABELS),
      counter(semconv.METRIC_TOKENS_ESTIMATED, ...CALL_LABELS, TOKEN_TYPE),
      counter(semconv.METRIC_USAGE_INPUT_TOKENS, ...CALL_LABELS, MODALITY),
      counter(semconv.METRIC_USAGE_OUTPUT_TOKENS, ...CALL_LABELS, MODALITY),
      counter(semconv.METRIC_USAGE_CACHE_READ_TOKENS, ...CALL_LABELS, MODALITY),
      counter(semconv.METRIC_USAGE_CACHE_WRITE_TOKENS, ...CALL_LABELS, MODALITY),
      counter(semconv.METRIC_USAGE_REASONING_TOKENS, ...CALL_LABELS, MODALITY),
      histogram(semconv.METRIC_OPERATION_INPUT_TOKENS, ...CALL_LABELS),
      histogram(semconv.METRIC_OPERATION_OUTPUT_TOKENS, ...CALL_LABELS),
      histogram(semconv.METRIC_INFERENCE_DURATION, ...CALL_LABELS, ERROR_TYPE),
      histogram(semconv.METRIC_TIME_TO_FIRST_CHUNK, ...CALL_LABELS),
    ],
  },
  {
    title: "Agents, tools and tasks",
    source: "apps that use `traceAgent`, `traceTool` and `traceTask`",
    metrics: [
      histogram(semconv.METRIC_INVOKE_AGENT_DURATION, RUN_AGENT, ORGANIZATION, PROJECT, ERROR_TYPE),
      histogram(semconv.METRIC_INVOKE_AGENT_INFERENCE_CALLS, RUN_AGENT, ORGANIZATION, PROJECT),
      histogram(semconv.METRIC_INVOKE_AGENT_TOOL_CALLS, RUN_AGENT, ORGANIZATION, PROJECT),
      histogram(
        semconv.METRIC_EXECUTE_TOOL_DURATION,
        TOOL,
        label(semconv.ATTR_TOOL_TYPE),
        RUN_AGENT,
        ORGANIZATION,
        PROJECT,
        ERROR_TYPE,
      ),
      histogram(
        semconv.METRIC_INVOKE_WORKFLOW_DURATION,
        WORKFLOW,
        ORGANIZATION,
        PROJECT,
        ERROR_TYPE,
      ),
    ],
  },
  {
    title: "Budgets",
    source: "every process with budgets",
    metrics: [
      ...AMOUNTS,
      gauge(semconv.METRIC_BUDGET_UTILIZATION, ...BUDGET_OF),
      gauge(semconv.METRIC_BUDGET_WINDOW_START, ...BUDGET_OF),
      gauge(semconv.METRIC_BUDGET_WINDOW_END, ...BUDGET_OF),
      counter(semconv.METRIC_BUDGET_DECISIONS, BUDGET, ACTION, REASON),
      counter(semconv.METRIC_BUDGET_OVERRUN_USD, BUDGET),
      counter(semconv.METRIC_BUDGET_PRESUMED_USD, BUDGET),
      gauge(semconv.METRIC_BUDGET_EXPOSURE_USD, BUDGET),
      gauge(semconv.METRIC_BUDGET_EXPOSURE_UNBOUNDED, BUDGET),
      counter(semconv.METRIC_BUDGET_STORE_ERRORS),
      histogram(semconv.METRIC_BUDGET_RESERVE_SECONDS),
      histogram(semconv.METRIC_BUDGET_THROTTLE_SECONDS, BUDGET),
    ],
  },
  {
    title: "Budgets that decide on metrics",
    source: "processes with such budgets",
    metrics: [
      gauge(semconv.METRIC_AGGREGATES_AGE_SECONDS, BUDGET),
      counter(semconv.METRIC_AGGREGATES_FAILURES, BUDGET),
      gauge(semconv.METRIC_PROCESS_INFO, label(semconv.ATTR_PROCESS_ID)),
    ],
  },
  {
    title: "Prices",
    source: "every metered app and collector",
    metrics: [gauge(semconv.METRIC_PRICES_AGE_SECONDS)],
  },
  {
    title: "Collector",
    source: "a collector",
    metrics: [
      counter(semconv.METRIC_COLLECTOR_REQUESTS, SIGNAL, PROTOCOL, OUTCOME),
      counter(semconv.METRIC_COLLECTOR_RECORDS, SIGNAL, OUTCOME),
      counter(semconv.METRIC_COLLECTOR_VALUES_CUT, SIGNAL),
      counter(semconv.METRIC_COLLECTOR_RECEIVED_BYTES, SIGNAL, PROTOCOL),
      histogram(semconv.METRIC_COLLECTOR_DECODE_SECONDS, SIGNAL, PROTOCOL),
      gauge(semconv.METRIC_COLLECTOR_QUEUE_BYTES),
      gauge(semconv.METRIC_COLLECTOR_QUEUE_REQUESTS),
      counter(semconv.METRIC_COLLECTOR_SIGHTED),
      counter(semconv.METRIC_COLLECTOR_EVENTS, OUTCOME),
      gauge(semconv.METRIC_COLLECTOR_WAITING),
      counter(semconv.METRIC_COLLECTOR_CHARGES_DEFERRED),
    ],
  },
];
