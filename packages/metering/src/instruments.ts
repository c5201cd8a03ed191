import {
  ValueType,
  type BatchObservableCallback,
  type Histogram,
  type Meter,
} from "@opentelemetry/api";
import {
  METRIC_EXECUTE_TOOL_DURATION,
  METRIC_INFERENCE_DURATION,
  METRIC_INVOKE_AGENT_DURATION,
  METRIC_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_INVOKE_AGENT_TOOL_CALLS,
  METRIC_INVOKE_WORKFLOW_DURATION,
  METRIC_OPERATION_INPUT_TOKENS,
  METRIC_OPERATION_OUTPUT_TOKENS,
  METRIC_TIME_TO_FIRST_CHUNK,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import type { Counter, Counters } from "./counters.ts";

export interface Histograms {
  readonly durationSeconds: Histogram;
  readonly timeToFirstChunkSeconds: Histogram;
  readonly inputTokens: Histogram;
  readonly outputTokens: Histogram;
}

/** Of agents, tools and tasks. */
export interface RunHistograms {
  readonly agentSeconds: Histogram;
  readonly inferenceCalls: Histogram;
  readonly toolCalls: Histogram;
  readonly toolSeconds: Histogram;
  readonly workflowSeconds: Histogram;
}

function createHistogram(
  meter: Meter,
  { name, unit, description, buckets }: MetricDefinition,
  valueType: ValueType,
): Histogram {
  return meter.createHistogram(name, {
    unit,
    description,
    valueType,
    ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }),
  });
}

export function createHistograms(meter: Meter): Histograms {
  return {
    durationSeconds: createHistogram(meter, METRIC_INFERENCE_DURATION, ValueType.DOUBLE),
    timeToFirstChunkSeconds: createHistogram(meter, METRIC_TIME_TO_FIRST_CHUNK, ValueType.DOUBLE),
    inputTokens: createHistogram(meter, METRIC_OPERATION_INPUT_TOKENS, ValueType.INT),
    outputTokens: createHistogram(meter, METRIC_OPERATION_OUTPUT_TOKENS, ValueType.INT),
  };
}

export function createRunHistograms(meter: Meter): RunHistograms {
  return {
    agentSeconds: createHistogram(meter, METRIC_INVOKE_AGENT_DURATION, ValueType.DOUBLE),
    inferenceCalls: createHistogram(meter, METRIC_INVOKE_AGENT_INFERENCE_CALLS, ValueType.INT),
    toolCalls: createHistogram(meter, METRIC_INVOKE_AGENT_TOOL_CALLS, ValueType.INT),
    toolSeconds: createHistogram(meter, METRIC_EXECUTE_TOOL_DURATION, ValueType.DOUBLE),
    workflowSeconds: createHistogram(meter, METRIC_INVOKE_WORKFLOW_DURATION, ValueType.DOUBLE),
  };
}

/**
 * Exports the counters through a meter: one callback observes all sums at each collection.
 *
 * @returns a function that ends it.
 */
export function observeCounters(meter: Meter, counters: Counters): () => void {
  const observed = Object.values(counters).map((counter: Counter<string>) => ({
    counter,
    instrument: meter.createObservableCounter(counter.definition.name, {
      unit: counter.definition.unit,
      description: counter.definition.description,
      valueType: counter.sumPerUnit === 1 ? ValueType.INT : ValueType.DOUBLE,
    }),
  }));
  const instruments = observed.map(({ instrument }) => instrument);
  const observeAll: BatchObservableCallback = (result) => {
    for (const { counter, instrument } of observed) {
      for (const series of counter.open) {
        result.observe(instrument, series.sum / counter.sumPerUnit, series.attributes);
      }
    }
  };
  meter.addBatchObservableCallback(observeAll, instruments);
  return () => {
    meter.removeBatchObservableCallback(observeAll, instruments);
  };
}
