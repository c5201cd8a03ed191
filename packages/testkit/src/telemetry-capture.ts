import { context, metrics as metricsApi, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, MetricReader, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace";
import { parsePrometheusText } from "./prometheus-text.ts";

export interface TelemetryCaptureOptions {
  /**
   * Whether to register the providers and a context manager as the process's own, as an app does.
   * Without it, the providers see only what is made from them, and no span is ever active.
   *
   * @defaultValue false
   */
  readonly global?: boolean;
}

/** The real SDK, keeping what it would export. */
export interface TelemetryCapture {
  readonly tracerProvider: TracerProvider;
  readonly meterProvider: MeterProvider;
  /** Ended spans, in the order in which they ended. */
  spans(): readonly ReadableSpan[];
  /** Collects all instruments now. */
  metrics(): Promise<ResourceMetrics>;
  /** What a Prometheus scrape would read now, as the official exporter writes it. */
  prometheusText(): Promise<string>;
  /**
   * The sum of all samples that have this Prometheus name and at least these labels.
   *
   * @returns `undefined` when there is none, which is not the same as zero.
   */
  value(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
  /** Forgets the spans so far; metrics stay, as they do in a process. */
  resetSpans(): void;
  /** Ends both providers and takes the global ones off again. */
  shutdown(): Promise<void>;
}

/** Collects when asked and never on its own. */
class ManualReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Starts capturing spans and metrics. */
export function captureTelemetry({
  global = false,
}: TelemetryCaptureOptions = {}): TelemetryCapture {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const reader = new ManualReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  if (global) registerGlobally(tracerProvider, meterProvider);

  async function metrics(): Promise<ResourceMetrics> {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw new AggregateError(errors, "collecting the metrics failed");
    return resourceMetrics;
  }
  async function prometheusText(): Promise<string> {
    return new PrometheusSerializer().serialize(await metrics());
  }

  return {
    tracerProvider,
    meterProvider,
    spans: () => exporter.getFinishedSpans(),
    metrics,
    prometheusText,
    async value(name, labels = {}) {
      const wanted = Object.entries(labels);
      const values = parsePrometheusText(await prometheusText())
        .flatMap((family) => family.samples)
        .filter((sample) => sample.name === name)
        .filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value))
        .map((sample) => sample.value);
      return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
    },
    resetSpans: () => exporter.reset(),
    async shutdown() {
      if (global) {
        trace.disable();
        metricsApi.disable();
        context.disable();
      }
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
    },
  };
}

function registerGlobally(tracerProvider: TracerProvider, meterProvider: MeterProvider): void {
  const contextManager = new AsyncLocalStorageContextManager().enable();
  if (
    !context.setGlobalContextManager(contextManager) ||
    !trace.setGlobalTracerProvider(tracerProvider) ||
    !metricsApi.setGlobalMeterProvider(meterProvider)
  ) {
    throw new Error(
      "captureTelemetry({ global: true }): this process already has global providers; shut the earlier capture down first",
    );
  }
}
