import { context, type Meter, type Tracer } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { TracerProvider, type ReadableSpan, type SpanProcessor } from "@opentelemetry/sdk-trace";

/** Providers of one lane: all lanes have the same kind, none sees what another one records. */
export interface LaneTelemetry {
  readonly tracerProvider: TracerProvider;
  readonly meterProvider: MeterProvider;
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** Each metric with something recorded, by its name, as text that changes with its figures. */
  readMetrics(): Promise<ReadonlyMap<string, string>>;
}

class IdleReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

let heard: ReadableSpan[] | undefined;

/** Sampled and recorded, exported nowhere. */
const dropping: SpanProcessor = {
  onStart() {},
  onEnd: (span) => void heard?.push(span),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** The spans that end while work runs, whichever lane's they are. */
export async function spansOf(work: () => unknown): Promise<readonly ReadableSpan[]> {
  const spans: ReadableSpan[] = [];
  heard = spans;
  await work();
  // Some instrumentations end their span only after the app has got its answer.
  await new Promise((resolve) => setImmediate(resolve));
  heard = undefined;
  return spans;
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

export function createLaneTelemetry(): LaneTelemetry {
  const reader = new IdleReader();
  const tracerProvider = new TracerProvider({ spanProcessors: [dropping] });
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    tracerProvider,
    meterProvider,
    tracer: tracerProvider.getTracer("bench"),
    meter: meterProvider.getMeter("bench"),
    async readMetrics() {
      const { resourceMetrics } = await reader.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      return new Map(
        metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          JSON.stringify(dataPoints.map(({ attributes, value }) => ({ attributes, value }))),
        ]),
      );
    },
  };
}
