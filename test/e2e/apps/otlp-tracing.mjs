/** An app's own OpenTelemetry, its spans sent by OTLP, as the protocol that `OTLP_PROTOCOL` names. */
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

const EXPORTERS = {
  "http/protobuf": () => import("@opentelemetry/exporter-trace-otlp-proto"),
  "http/json": () => import("@opentelemetry/exporter-trace-otlp-http"),
  grpc: () => import("@opentelemetry/exporter-trace-otlp-grpc"),
};
const { OTLPTraceExporter } = await EXPORTERS[process.env.OTLP_PROTOCOL ?? "http/protobuf"]();

export const provider = new TracerProvider({
  resource: resourceFromAttributes({
    "service.name": "shop",
    "service.instance.id": "shop-1",
    "tollgate.organization": "acme",
  }),
  spanProcessors: [
    new BatchSpanProcessor({
      exporter: new OTLPTraceExporter(),
      maxQueueSize: 50_000,
      scheduledDelayMillis: 200,
    }),
  ],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(provider);
