/** An app's OpenTelemetry, its spans kept in memory and printed as what a collector gets of them. */
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  TracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";

const exporter = new InMemorySpanExporter();
export const provider = new TracerProvider({
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(provider);

const toMs = ([seconds, nanoseconds]) => seconds * 1_000 + nanoseconds / 1e6;

export async function printSpans() {
  await provider.forceFlush();
  const spans = exporter.getFinishedSpans().map((span) => ({
    origin: {
      resource: span.resource.attributes,
      scopeName: span.instrumentationScope.name,
      scopeVersion: span.instrumentationScope.version ?? "",
      scope: {},
    },
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: span.kind + 1,
    startMs: toMs(span.startTime),
    endMs: toMs(span.endTime),
    attributes: span.attributes,
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name,
      timeMs: toMs(time),
      attributes,
    })),
    statusCode: span.status.code,
    statusMessage: span.status.message ?? "",
  }));
  process.stdout.write(`${JSON.stringify(spans)}\n`);
}

/** Runs a call that may fail: what it throws is its own business. */
export async function attempt(call) {
  try {
    await call();
  } catch {
    // The span tells of it.
  }
}
