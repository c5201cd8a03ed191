import {
  ConsoleMetricExporter,
  PeriodicExportingMetricReader,
  type IMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { announceMetrics } from "../process/announce-metrics.ts";
import type { TelemetrySetup } from "./telemetry-setup.ts";
import type { ExporterSettings } from "./exporter-settings.ts";
import { createOtlpMetricExporter, createOtlpTraceExporter } from "./otlp.ts";
import { createPrometheusEndpoint } from "./prometheus-endpoint.ts";

/** Readers for a meter provider, and what must be closed with them. */
export interface MetricReaders {
  readonly readers: IMetricReader[];
  close(): void;
}

export function createMetricReaders(setup: TelemetrySetup): MetricReaders {
  const { settings, runDir } = setup;
  const { prometheusHost: host, prometheusPort: port, intervals } = settings;
  const endpoint = settings.metrics.has("prometheus")
    ? createPrometheusEndpoint({ host, port, onListening: (url) => announceMetrics(url, runDir) })
    : undefined;
  const readers: IMetricReader[] = [...setup.readers, ...(endpoint ? [endpoint.reader] : [])];
  if (settings.metrics.has("otlp")) {
    const exporter = createOtlpMetricExporter(settings.metricsProtocol);
    readers.push(new PeriodicExportingMetricReader({ exporter, ...intervals }));
  }
  if (settings.metrics.has("console")) {
    const exporter = new ConsoleMetricExporter();
    readers.push(new PeriodicExportingMetricReader({ exporter, ...intervals }));
  }
  return { readers, close: () => endpoint?.close() };
}

export function createSpanProcessors(settings: ExporterSettings): SpanProcessor[] {
  const processors: SpanProcessor[] = [];
  if (settings.traces.has("otlp")) {
    const exporter = createOtlpTraceExporter(settings.tracesProtocol);
    processors.push(new BatchSpanProcessor({ exporter }));
  }
  if (settings.traces.has("console")) {
    processors.push(new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() }));
  }
  return processors;
}
