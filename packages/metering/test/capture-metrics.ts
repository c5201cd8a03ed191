import type { Meter } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import {
  AggregationTemporality,
  DataPointType,
  MeterProvider,
  MetricReader,
  type Histogram,
} from "@opentelemetry/sdk-metrics";
import { createMetering, type Metering, type MeteringOptions } from "../src/index.ts";

class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

type Attributes = Readonly<Record<string, unknown>>;

/** What a real SDK exports of a meter. */
export interface Capture {
  readonly meter: Meter;
  /** All points of all instruments at one collection. */
  collect(): Promise<Snapshot>;
  /** The same in the Prometheus text format, without comments. */
  prometheus(): Promise<readonly string[]>;
}

export interface Snapshot {
  readonly names: readonly string[];
  sums(name: string): readonly { readonly attributes: Attributes; readonly value: number }[];
  histograms(
    name: string,
  ): readonly { readonly attributes: Attributes; readonly value: Histogram }[];
}

export function captureMetrics(
  temporality: AggregationTemporality = AggregationTemporality.CUMULATIVE,
): Capture {
  const reader = new PullReader({ aggregationTemporalitySelector: () => temporality });
  const provider = new MeterProvider({ readers: [reader] });

  const read = async () => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw errors[0];
    return resourceMetrics;
  };

  return {
    meter: provider.getMeter("tollgate-test"),

    async collect() {
      const metrics = (await read()).scopeMetrics.flatMap((scope) => scope.metrics);
      return {
        names: metrics.filter((one) => one.dataPoints.length > 0).map((one) => one.descriptor.name),
        sums: (name) =>
          metrics.flatMap((one) =>
            one.descriptor.name === name && one.dataPointType === DataPointType.SUM
              ? one.dataPoints
              : [],
          ),
        histograms: (name) =>
          metrics.flatMap((one) =>
            one.descriptor.name === name && one.dataPointType === DataPointType.HISTOGRAM
              ? one.dataPoints
              : [],
          ),
      };
    },

    async prometheus() {
      const text = new PrometheusSerializer(undefined, false, undefined, true, true).serialize(
        await read(),
      );
      return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    },
  };
}

/** Aggregates that a real SDK exports. */
export function captureMetering(
  options?: MeteringOptions,
): Capture & { readonly metering: Metering } {
  const metering = createMetering(options);
  const capture = captureMetrics();
  metering.bind(capture.meter);
  return { ...capture, metering };
}
