/** An app's own OpenTelemetry, with context propagated by the usual instrumentations; prints its spans when the app ends. */
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";

const exporter = new InMemorySpanExporter();
const processor = new SimpleSpanProcessor({ exporter });
new NodeSDK({
  spanProcessors: [processor],
  metricReaders: [],
  logRecordProcessors: [],
  instrumentations: [new UndiciInstrumentation(), new HttpInstrumentation()],
}).start();

process.stdin.once("end", async () => {
  // Spans wait for what the host's detectors find out asynchronously.
  await processor.forceFlush();
  const spans = exporter.getFinishedSpans().map(({ name, attributes, instrumentationScope }) => ({
    name,
    attributes,
    scope: instrumentationScope.name,
  }));
  process.stdout.write(`${JSON.stringify({ spans })}\n`);
});
