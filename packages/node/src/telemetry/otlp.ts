import { createRequire } from "node:module";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { OtlpProtocol } from "./exporter-settings.ts";

/**
 * Loaded when asked for: an app pays for one protocol at the most, and only if it exports by OTLP.
 * Endpoints, headers, time limits and certificates are read from `OTEL_EXPORTER_OTLP_*` by the
 * exporters themselves.
 */
const require = createRequire(import.meta.url);

interface MetricExporterModule {
  readonly OTLPMetricExporter: new () => PushMetricExporter;
}

interface TraceExporterModule {
  readonly OTLPTraceExporter: new () => SpanExporter;
}

export function createOtlpMetricExporter(protocol: OtlpProtocol): PushMetricExporter {
  const load: Record<OtlpProtocol, () => MetricExporterModule> = {
    "http/protobuf": () => require("@opentelemetry/exporter-metrics-otlp-proto"),
    "http/json": () => require("@opentelemetry/exporter-metrics-otlp-http"),
    grpc: () => require("@opentelemetry/exporter-metrics-otlp-grpc"),
  };
  return new (load[protocol]().OTLPMetricExporter)();
}

export function createOtlpTraceExporter(protocol: OtlpProtocol): SpanExporter {
  const load: Record<OtlpProtocol, () => TraceExporterModule> = {
    "http/protobuf": () => require("@opentelemetry/exporter-trace-otlp-proto"),
    "http/json": () => require("@opentelemetry/exporter-trace-otlp-http"),
    grpc: () => require("@opentelemetry/exporter-trace-otlp-grpc"),
  };
  return new (load[protocol]().OTLPTraceExporter)();
}
