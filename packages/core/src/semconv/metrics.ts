import {
  AGENT_SECONDS_BUCKETS,
  CALLS_BUCKETS,
  SECONDS_BUCKETS,
  TOKEN_BUCKETS,
  WAIT_BUCKETS,
  WORKFLOW_SECONDS_BUCKETS,
  type MetricDefinition,
} from "./metric-definition.ts";

/**
 * Standard instruments: open-telemetry/semantic-conventions-genai, model/gen-ai/token-metrics.yaml at
 * commit 066d4a7f356f8600de6f10c42874626ab88692fb and docs/gen-ai/client-inference.md at commit
 * 024a4f944a1291fcb627c9c47da69e79868dd15e. Token counters hold provider-reported counts only.
 */
export const METRIC_USAGE_INPUT_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.usage.input_tokens",
  unit: "{token}",
  description: "Input tokens used, cached tokens included, as the provider reported them.",
};
export const METRIC_USAGE_OUTPUT_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.usage.output_tokens",
  unit: "{token}",
  description: "Output tokens used, reasoning tokens included, as the provider reported them.",
};
export const METRIC_USAGE_CACHE_READ_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.usage.cache_read.input_tokens",
  unit: "{token}",
  description: "Input tokens served from a provider-managed cache; part of the input tokens.",
};
export const METRIC_USAGE_CACHE_WRITE_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.usage.cache_write.input_tokens",
  unit: "{token}",
  description: "Input tokens written to a provider-managed cache; part of the input tokens.",
};
export const METRIC_USAGE_REASONING_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.usage.reasoning.output_tokens",
  unit: "{token}",
  description: "Output tokens used for reasoning; part of the output tokens.",
};
export const METRIC_OPERATION_INPUT_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.operation.input_tokens",
  unit: "{token}",
  description: "Input tokens per call.",
  buckets: TOKEN_BUCKETS,
};
export const METRIC_OPERATION_OUTPUT_TOKENS: MetricDefinition = {
  name: "gen_ai.client.inference.operation.output_tokens",
  unit: "{token}",
  description: "Output tokens per call.",
  buckets: TOKEN_BUCKETS,
};
export const METRIC_INFERENCE_DURATION: MetricDefinition = {
  name: "gen_ai.client.inference.duration",
  unit: "s",
  description: "Duration of an inference call, from the request to the end of the answer.",
  buckets: SECONDS_BUCKETS,
};
export const METRIC_TIME_TO_FIRST_CHUNK: MetricDefinition = {
  name: "gen_ai.client.inference.time_to_first_chunk",
  unit: "s",
  description: "Time from the request to the first chunk of a streamed answer.",
  buckets: SECONDS_BUCKETS,
};

/**
 * Agents, tools and workflows: docs/gen-ai/gen-ai-metrics.md of the same repository, at commit
 * 004902b8cb70aa5ae6ca4ae07132b7daabcd3e10; the two counts of calls came with its pull request 336. The
 * duration of a workflow was `gen_ai.workflow.duration` there and has been renamed since.
 */
export const METRIC_INVOKE_AGENT_DURATION: MetricDefinition = {
  name: "gen_ai.invoke_agent.duration",
  unit: "s",
  description: "Time from the invocation of an agent to the end of its answer.",
  buckets: AGENT_SECONDS_BUCKETS,
};
export const METRIC_INVOKE_AGENT_INFERENCE_CALLS: MetricDefinition = {
  name: "gen_ai.invoke_agent.inference_calls",
  unit: "{inference_call}",
  description: "Calls to models in one invocation of an agent, failed ones included.",
  buckets: CALLS_BUCKETS,
};
export const METRIC_INVOKE_AGENT_TOOL_CALLS: MetricDefinition = {
  name: "gen_ai.invoke_agent.tool_calls",
  unit: "{tool_call}",
  description: "Tools executed in one invocation of an agent, failed ones included.",
  buckets: CALLS_BUCKETS,
};
export const METRIC_EXECUTE_TOOL_DURATION: MetricDefinition = {
  name: "gen_ai.execute_tool.duration",
  unit: "s",
  description: "Time from the start of a tool to the end of its result.",
  buckets: SECONDS_BUCKETS,
};
export const METRIC_INVOKE_WORKFLOW_DURATION: MetricDefinition = {
  name: "gen_ai.invoke_workflow.duration",
  unit: "s",
  description: "Time from the start of a task to its end.",
  buckets: WORKFLOW_SECONDS_BUCKETS,
};

/**
 * Own instruments. Units stand in braces or the name ends in its unit, so that the JavaScript
 * exporter and the specification's translators give the same Prometheus name.
 */
export const METRIC_COST_USD: MetricDefinition = {
  name: "tollgate.cost.usd",
  unit: "{USD}",
  description: "Cost of LLM calls in US dollars.",
};
export const METRIC_TOKENS_ESTIMATED: MetricDefinition = {
  name: "tollgate.tokens.estimated",
  unit: "{token}",
  description: "Tokens that were estimated because the provider did not report them.",
};
export const METRIC_REQUESTS: MetricDefinition = {
  name: "tollgate.requests",
  unit: "{request}",
  description: "LLM calls by outcome; every physical attempt counts.",
};
export const METRIC_REQUESTS_UNPRICED: MetricDefinition = {
  name: "tollgate.requests.unpriced",
  unit: "{request}",
  description:
    "LLM calls that have no known price, or whose tokens nobody knows; a fallback price is none.",
};
export const METRIC_REQUESTS_PREFIX_PRICED: MetricDefinition = {
  name: "tollgate.requests.prefix_priced",
  unit: "{request}",
  description:
    "LLM calls priced by the family of their model, which is not in the price data itself.",
};
export const METRIC_REQUESTS_ESTIMATED: MetricDefinition = {
  name: "tollgate.requests.estimated",
  unit: "{request}",
  description: "LLM calls whose usage was estimated.",
};
export const METRIC_BUDGET_DECISIONS: MetricDefinition = {
  name: "tollgate.budget.decisions",
  unit: "{decision}",
  description: "Decisions of a budget by action and reason.",
};
export const METRIC_BUDGET_OVERRUN_USD: MetricDefinition = {
  name: "tollgate.budget.overrun.usd",
  unit: "{USD}",
  description: "US dollars charged above what calls had held.",
};
export const METRIC_BUDGET_PRESUMED_USD: MetricDefinition = {
  name: "tollgate.budget.presumed.usd",
  unit: "{USD}",
  description: "US dollars charged as held because a call never reported its end.",
};
export const METRIC_BUDGET_EXPOSURE_USD: MetricDefinition = {
  name: "tollgate.budget.exposure.usd",
  unit: "{USD}",
  description:
    "US dollars that the calls under way in this process may cost at most above what a bounded budget holds for them.",
};
export const METRIC_BUDGET_EXPOSURE_UNBOUNDED: MetricDefinition = {
  name: "tollgate.budget.exposure.unbounded",
  unit: "{call}",
  description:
    "Calls under way of a bounded budget of which nobody can say what they may cost at most.",
};
export const METRIC_BUDGET_STORE_ERRORS: MetricDefinition = {
  name: "tollgate.budget.store.errors",
  unit: "{error}",
  description: "Operations of the budget store that failed.",
};
export const METRIC_BUDGET_UTILIZATION: MetricDefinition = {
  name: "tollgate.budget.utilization",
  unit: "",
  description: "Spent and reserved as a fraction of the limit, of the most used unit.",
};
export const METRIC_BUDGET_WINDOW_END: MetricDefinition = {
  name: "tollgate.budget.window.end.seconds",
  unit: "s",
  description: "When the current window ends, seconds since the epoch.",
};
export const METRIC_BUDGET_RESERVE_SECONDS: MetricDefinition = {
  name: "tollgate.budget.reserve.seconds",
  unit: "s",
  description: "Time the budget store took to answer.",
  buckets: WAIT_BUCKETS,
};
export const METRIC_BUDGET_THROTTLE_SECONDS: MetricDefinition = {
  name: "tollgate.budget.throttle.seconds",
  unit: "s",
  description: "Time a throttled call waited.",
  buckets: WAIT_BUCKETS,
};

export const METRIC_AGGREGATES_AGE_SECONDS: MetricDefinition = {
  name: "tollgate.budget.aggregates.age.seconds",
  unit: "s",
  description: "Age of the metrics that a budget decides on.",
};
export const METRIC_AGGREGATES_FAILURES: MetricDefinition = {
  name: "tollgate.budget.aggregates.failures",
  unit: "{failure}",
  description: "Readings of metrics for budgets that failed.",
};
export const METRIC_PROCESS_INFO: MetricDefinition = {
  name: "tollgate.process.info",
  unit: "",
  description: "Always 1; tells which series of a Prometheus are those of this process.",
};

/**
 * The gauges of a budget, one per unit:
 * `tollgate.budget.{limit,spent,reserved,remaining,aggregate,divergence}.{usd,tokens,requests}`.
 */
export function budgetGauge(
  what: "limit" | "spent" | "reserved" | "remaining" | "aggregate" | "divergence",
  unit: "usd" | "tokens" | "requests",
): MetricDefinition {
  const units = { usd: "{USD}", tokens: "{token}", requests: "{request}" } as const;
  const words = {
    limit: "The limit of the window",
    spent: "Charged in the window",
    reserved: "Held by calls under way",
    remaining: "Limit less spent less reserved; negative after an overrun",
    aggregate: "Spent in the window by what metrics say",
    divergence: "What metrics say was spent in the window less what the ledger says",
  } as const;
  return {
    name: `tollgate.budget.${what}.${unit}`,
    unit: units[unit],
    description: `${words[what]}, in ${unit === "usd" ? "US dollars" : unit}.`,
  };
}
