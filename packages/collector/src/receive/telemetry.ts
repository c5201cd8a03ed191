import { createNoopMeter, ValueType, type Meter } from "@opentelemetry/api";
import {
  ATTR_COLLECTOR_PROTOCOL,
  ATTR_COLLECTOR_SIGNAL,
  ATTR_OUTCOME,
  METRIC_COLLECTOR_DECODE_SECONDS,
  METRIC_COLLECTOR_QUEUE_BYTES,
  METRIC_COLLECTOR_QUEUE_REQUESTS,
  METRIC_COLLECTOR_RECEIVED_BYTES,
  METRIC_COLLECTOR_RECORDS,
  METRIC_COLLECTOR_REQUESTS,
  METRIC_COLLECTOR_VALUES_CUT,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import type { OtlpSignal } from "../otlp/decoder.ts";
import type { Refusal } from "./answer.ts";
import type { Queue } from "./queue.ts";

/** As in `OTEL_EXPORTER_OTLP_PROTOCOL`; `http` when the format of the body is not known. */
export type Protocol = "grpc" | "http/protobuf" | "http/json" | "http";

/** What the receiver says of itself. */
export interface ReceiverTelemetry {
  answered(
    signal: OtlpSignal,
    protocol: Protocol,
    /** `gone`: the sender left before it was answered. */
    outcome: "accepted" | "partial" | "gone" | Refusal,
  ): void;
  decoded(
    signal: OtlpSignal,
    protocol: Protocol,
    what: { readonly bytes: number; readonly seconds: number; readonly cut: number },
  ): void;
  records(signal: OtlpSignal, accepted: number, rejected: number): void;
}

function counter(meter: Meter, { name, unit, description }: MetricDefinition) {
  return meter.createCounter(name, { unit, description, valueType: ValueType.INT });
}

export function createReceiverTelemetry(
  meter: Meter = createNoopMeter(),
  queue: Queue,
): ReceiverTelemetry {
  const requests = counter(meter, METRIC_COLLECTOR_REQUESTS);
  const records = counter(meter, METRIC_COLLECTOR_RECORDS);
  const valuesCut = counter(meter, METRIC_COLLECTOR_VALUES_CUT);
  const receivedBytes = counter(meter, METRIC_COLLECTOR_RECEIVED_BYTES);
  const { name, unit, description, buckets = [] } = METRIC_COLLECTOR_DECODE_SECONDS;
  const decodeSeconds = meter.createHistogram(name, {
    unit,
    description,
    advice: { explicitBucketBoundaries: [...buckets] },
  });
  observe(meter, METRIC_COLLECTOR_QUEUE_BYTES, () => queue.bytes);
  observe(meter, METRIC_COLLECTOR_QUEUE_REQUESTS, () => queue.requests);

  return {
    answered(signal, protocol, outcome) {
      requests.add(1, {
        [ATTR_COLLECTOR_SIGNAL]: signal,
        [ATTR_COLLECTOR_PROTOCOL]: protocol,
        [ATTR_OUTCOME]: outcome,
      });
    },
    decoded(signal, protocol, { bytes, seconds, cut }) {
      const attributes = {
        [ATTR_COLLECTOR_SIGNAL]: signal,
        [ATTR_COLLECTOR_PROTOCOL]: protocol,
      };
      receivedBytes.add(bytes, attributes);
      decodeSeconds.record(seconds, attributes);
      if (cut > 0) valuesCut.add(cut, { [ATTR_COLLECTOR_SIGNAL]: signal });
    },
    records(signal, accepted, rejected) {
      for (const [outcome, count] of [
        ["accepted", accepted],
        ["rejected", rejected],
      ] as const) {
        if (count > 0) {
          records.add(count, { [ATTR_COLLECTOR_SIGNAL]: signal, [ATTR_OUTCOME]: outcome });
        }
      }
    },
  };
}

function observe(
  meter: Meter,
  { name, unit, description }: MetricDefinition,
  read: () => number,
): void {
  meter
    .createObservableGauge(name, { unit, description, valueType: ValueType.INT })
    .addCallback((result) => result.observe(read()));
}
