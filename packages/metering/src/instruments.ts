import {
  ValueType,
  type BatchObservableCallback,
  type Histogram,
  type Meter,
} from "@opentelemetry/api";
import {
  METRIC_INFERENCE_DURATION,
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

export function createHistograms(meter: Meter): Histograms {
  const histogram = (definition: MetricDefinition, valueType: ValueType): Histogram =>
    meter.createHistogram(definition.name, {
      unit: definition.unit,
      description: definition.description,
      valueType,
      ...(definition.buckets && { advice: { explicitBucketBoundaries: [...definition.buckets] } }),
    });
  return {
    durationSeconds: histogram(METRIC_INFERENCE_DURATION, ValueType.DOUBLE),
    timeToFirstChunkSeconds: histogram(METRIC_TIME_TO_FIRST_CHUNK, ValueType.DOUBLE),
    inputTokens: histogram(METRIC_OPERATION_INPUT_TOKENS, ValueType.INT),
    outputTokens: histogram(METRIC_OPERATION_OUTPUT_TOKENS, ValueType.INT),
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
