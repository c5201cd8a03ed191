import { SeverityNumber, SpanKind, SpanStatusCode, type HrTime } from "@opentelemetry/api";
import { OTLPLogExporter as GrpcLogs } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as GrpcMetrics } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPMetricExporter as JsonMetrics } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufMetrics } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as GrpcTraces } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { describe, expect, test } from "vitest";
import { startReceiver, type StartedReceiver } from "./start-receiver.ts";

const gzip = { compression: CompressionAlgorithm.GZIP };
const resource = resourceFromAttributes({ "service.name": "shop" });
const START: HrTime = [1_700_000_000, 250_000_000];
const END: HrTime = [1_700_000_001, 0];

const SENDERS = [
  {
    name: "http/json",
    traces: ({ url }: StartedReceiver) => new JsonTraces({ url: `${url}/v1/traces` }),
    logs: ({ url }: StartedReceiver) => new JsonLogs({ url: `${url}/v1/logs`, ...gzip }),
    metrics: ({ url }: StartedReceiver, temporalityPreference: AggregationTemporality) =>
      new JsonMetrics({ url: `${url}/v1/metrics`, temporalityPreference }),
  },
  {
    name: "http/protobuf",
    traces: ({ url }: StartedReceiver) => new ProtobufTraces({ url: `${url}/v1/traces`, ...gzip }),
    logs: ({ url }: StartedReceiver) => new ProtobufLogs({ url: `${url}/v1/logs` }),
    metrics: ({ url }: StartedReceiver, temporalityPreference: AggregationTemporality) =>
      new ProtobufMetrics({ url: `${url}/v1/metrics`, ...gzip, temporalityPreference }),
  },
  {
    name: "grpc",
    traces: ({ grpcPort }: StartedReceiver) =>
      new GrpcTraces({ url: `http://127.0.0.1:${grpcPort}`, ...gzip }),
    logs: ({ grpcPort }: StartedReceiver) => new GrpcLogs({ url: `http://127.0.0.1:${grpcPort}` }),
    metrics: ({ grpcPort }: StartedReceiver, temporalityPreference: AggregationTemporality) =>
      new GrpcMetrics({ url: `http://127.0.0.1:${grpcPort}`, temporalityPreference }),
  },
];

describe.each(SENDERS)("OpenTelemetry's JavaScript exporters over $name", (sender) => {
  test("spans arrive", async () => {
    const started = await startReceiver();
    const provider = new TracerProvider({
      resource,
      spanProcessors: [new SimpleSpanProcessor({ exporter: sender.traces(started) })],
    });
    const span = provider.getTracer("openai_v2", "2.1").startSpan("chat gpt-4o", {
      kind: SpanKind.CLIENT,
      startTime: START,
      attributes: {
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1_200,
        "gen_ai.request.temperature": 0.7,
        "gen_ai.response.finish_reasons": ["stop"],
        streaming: true,
      },
    });
    span.addEvent("gen_ai.choice", { index: 0 }, START);
    span.setStatus({ code: SpanStatusCode.ERROR, message: "überlastet 🦊" });
    span.end(END);
    await provider.shutdown();

    expect(started.received).toHaveLength(1);
    expect(started.received[0]?.batch).toEqual({
      signal: "traces",
      records: [
        {
          origin: {
            resource: { "service.name": "shop" },
            scopeName: "openai_v2",
            scopeVersion: "2.1",
            scope: {},
          },
          traceId: span.spanContext().traceId,
          spanId: span.spanContext().spanId,
          parentSpanId: undefined,
          name: "chat gpt-4o",
          kind: 3,
          startMs: 1_700_000_000_250,
          endMs: 1_700_000_001_000,
          attributes: {
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.usage.input_tokens": 1_200,
            "gen_ai.request.temperature": 0.7,
            "gen_ai.response.finish_reasons": ["stop"],
            streaming: true,
          },
          events: [{ name: "gen_ai.choice", timeMs: 1_700_000_000_250, attributes: { index: 0 } }],
          statusCode: 2,
          statusMessage: "überlastet 🦊",
        },
      ],
    });
  });

  test("logs arrive", async () => {
    const started = await startReceiver();
    const provider = new LoggerProvider({
      resource,
      processors: [new SimpleLogRecordProcessor({ exporter: sender.logs(started) })],
    });
    provider.getLogger("events").emit({
      timestamp: START,
      severityNumber: SeverityNumber.INFO,
      eventName: "gen_ai.client.inference.operation.details",
      body: { role: "assistant", parts: [{ type: "text" }] },
      attributes: { "gen_ai.request.model": "gpt-4o", nested: { deep: [1, "two"] } },
    });
    await provider.shutdown();

    expect(started.received).toMatchObject([
      {
        batch: {
          signal: "logs",
          records: [
            {
              origin: { resource: { "service.name": "shop" }, scopeName: "events" },
              timeMs: 1_700_000_000_250,
              eventName: "gen_ai.client.inference.operation.details",
              body: { role: "assistant", parts: [{ type: "text" }] },
              attributes: { "gen_ai.request.model": "gpt-4o", nested: { deep: [1, "two"] } },
              traceId: undefined,
            },
          ],
        },
      },
    ]);
  });

  test.each([
    ["delta", AggregationTemporality.DELTA],
    ["cumulative", AggregationTemporality.CUMULATIVE],
  ] as const)("%s metrics arrive", async (temporality, preference) => {
    const started = await startReceiver();
    const provider = new MeterProvider({
      resource,
      readers: [
        new PeriodicExportingMetricReader({ exporter: sender.metrics(started, preference) }),
      ],
      views: [
        { instrumentName: "wait", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      ],
    });
    const meter = provider.getMeter("app");
    meter.createCounter("tokens", { unit: "{token}" }).add(7, { type: "input" });
    meter.createUpDownCounter("active").add(-2);
    meter.createObservableGauge("load").addCallback((result) => result.observe(0.5));
    meter.createHistogram("duration", { unit: "s" }).record(1.5);
    meter.createHistogram("wait").record(3);
    await provider.shutdown();

    const batch = started.received[0]?.batch;
    expect(batch?.signal).toBe("metrics");
    expect(batch?.records.toSorted(byMetric)).toMatchObject([
      { metric: "active", kind: "sum", monotonic: false, temporality: "cumulative", value: -2 },
      { metric: "duration", unit: "s", kind: "histogram", temporality, value: 1.5, count: 1 },
      { metric: "load", kind: "gauge", temporality: "unspecified", value: 0.5, count: undefined },
      {
        metric: "tokens",
        unit: "{token}",
        kind: "sum",
        monotonic: true,
        temporality,
        value: 7,
        attributes: { type: "input" },
      },
      { metric: "wait", kind: "exponential_histogram", temporality, value: 3, count: 1 },
    ]);
  });
});

// The one over gRPC never comes again, whatever the status (0.301).
test.each(SENDERS.slice(0, 2))(
  "the exporter over $name comes again when it is told to, and nothing is lost",
  async (sender) => {
    let asked = 0;
    const started = await startReceiver({
      take: () =>
        Promise.resolve(
          asked++ === 0 ? { outcome: "busy", retryAfterMs: 1 } : { outcome: "taken" },
        ),
    });
    const exporter = sender.traces(started);
    const provider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    });
    provider.getTracer("a").startSpan("b").end();
    await provider.shutdown();
    expect(asked).toBe(2);
  },
);

function byMetric(a: object, b: object): number {
  return nameOf(a).localeCompare(nameOf(b));
}

function nameOf(point: object): string {
  return "metric" in point ? String(point.metric) : "";
}
