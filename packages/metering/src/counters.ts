import { NANO_USD_PER_USD, type CallOutcome, type CostType } from "@tollgate/core";
import {
  ATTR_COST_TYPE,
  ATTR_OUTCOME,
  ATTR_TOKEN_MODALITY,
  ATTR_TOKEN_TYPE,
  METRIC_COST_USD,
  METRIC_REQUESTS,
  METRIC_REQUESTS_ESTIMATED,
  METRIC_REQUESTS_PREFIX_PRICED,
  METRIC_REQUESTS_UNPRICED,
  METRIC_TOKENS_ESTIMATED,
  METRIC_USAGE_CACHE_READ_TOKENS,
  METRIC_USAGE_CACHE_WRITE_TOKENS,
  METRIC_USAGE_INPUT_TOKENS,
  METRIC_USAGE_OUTPUT_TOKENS,
  METRIC_USAGE_REASONING_TOKENS,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import { createSeriesFamily, NO_VALUE, type OwnAttribute, type SeriesFamily } from "./series.ts";

/** `gen_ai.token.modality`; `unknown` is for what the provider did not split, text mostly. */
export type Modality = "unknown" | "audio" | "image";
/** `tollgate.token.type`. */
export type TokenType = "input" | "output";
export type NoValue = typeof NO_VALUE;

/** A counter: its definition and the sums it exports. */
export interface Counter<Value extends string> extends SeriesFamily<Value> {
  readonly definition: MetricDefinition;
  /** What one exported unit is of the unit summed. */
  readonly sumPerUnit: number;
}

/** All counters of the aggregates. */
export interface Counters {
  readonly inputTokens: Counter<Modality>;
  readonly outputTokens: Counter<Modality>;
  readonly cacheReadTokens: Counter<Modality>;
  readonly cacheWriteTokens: Counter<Modality>;
  readonly reasoningTokens: Counter<Modality>;
  readonly estimatedTokens: Counter<TokenType>;
  readonly cost: Counter<CostType>;
  readonly requests: Counter<CallOutcome>;
  readonly unpricedRequests: Counter<NoValue>;
  readonly prefixPricedRequests: Counter<NoValue>;
  readonly estimatedRequests: Counter<NoValue>;
}

const MODALITY: OwnAttribute<Modality> = {
  name: ATTR_TOKEN_MODALITY,
  values: ["unknown", "audio", "image"],
};
const TOKEN_TYPE: OwnAttribute<TokenType> = { name: ATTR_TOKEN_TYPE, values: ["input", "output"] };
const COST_TYPE: OwnAttribute<CostType> = {
  name: ATTR_COST_TYPE,
  values: [
    "input",
    "output",
    "cache_read",
    "cache_write",
    "cache_write_1h",
    "audio_input",
    "audio_output",
    "image_input",
    "image_output",
    "tool",
    "request",
  ],
};
const OUTCOME: OwnAttribute<CallOutcome> = {
  name: ATTR_OUTCOME,
  values: ["ok", "error", "cancelled", "refused", "pending"],
};
const NOTHING: OwnAttribute<NoValue> = { name: "", values: [NO_VALUE] };

/** Overflow series alone need this many. */
export const MIN_SERIES = 20;

export function createCounters(maxSeries: number): Counters {
  const counter = <Value extends string>(
    definition: MetricDefinition,
    own: OwnAttribute<Value>,
    sumPerUnit = 1,
  ): Counter<Value> => ({ definition, sumPerUnit, ...createSeriesFamily(maxSeries, own) });

  return {
    inputTokens: counter(METRIC_USAGE_INPUT_TOKENS, MODALITY),
    outputTokens: counter(METRIC_USAGE_OUTPUT_TOKENS, MODALITY),
    cacheReadTokens: counter(METRIC_USAGE_CACHE_READ_TOKENS, MODALITY),
    cacheWriteTokens: counter(METRIC_USAGE_CACHE_WRITE_TOKENS, MODALITY),
    reasoningTokens: counter(METRIC_USAGE_REASONING_TOKENS, MODALITY),
    estimatedTokens: counter(METRIC_TOKENS_ESTIMATED, TOKEN_TYPE),
    cost: counter(METRIC_COST_USD, COST_TYPE, NANO_USD_PER_USD),
    requests: counter(METRIC_REQUESTS, OUTCOME),
    unpricedRequests: counter(METRIC_REQUESTS_UNPRICED, NOTHING),
    prefixPricedRequests: counter(METRIC_REQUESTS_PREFIX_PRICED, NOTHING),
    estimatedRequests: counter(METRIC_REQUESTS_ESTIMATED, NOTHING),
  };
}
