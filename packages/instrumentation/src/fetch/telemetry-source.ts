import {
  createNoopMeter,
  metrics,
  ProxyTracerProvider,
  trace,
  type Meter,
  type MeterProvider,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "../version.ts";

/** Where spans and metrics go. Asked at each call, since providers may come at any time. */
export interface TelemetrySource {
  /** `undefined`: no span. */
  tracer(): Tracer | undefined;
  /** `undefined`: nowhere to make instruments yet. */
  meter(): Meter | undefined;
}

/** The providers that the app has registered with the OpenTelemetry API, as soon as it has. */
export function createGlobalTelemetry(): TelemetrySource {
  let knownTracers: TracerProvider | undefined;
  let tracer: Tracer | undefined;
  let known: MeterProvider | undefined;
  let meter: Meter | undefined;
  return {
    tracer() {
      const provider = trace.getTracerProvider();
      if (provider !== knownTracers) {
        knownTracers = provider;
        tracer = provider.getTracer(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION);
      }
      return isNoop(provider) ? undefined : tracer;
    },
    meter() {
      const provider = metrics.getMeterProvider();
      if (provider !== known) {
        known = provider;
        // Instruments of the no-op meter stay without effect for ever: it counts as none.
        const found = provider.getMeter(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION);
        meter = found === createNoopMeter() ? undefined : found;
      }
      return meter;
    },
  };
}

const NOOP_TRACER_PROVIDER = new ProxyTracerProvider().getDelegate();

/** A proxy stands for whatever provider comes; until then it makes spans of no effect. */
function isNoop(provider: TracerProvider): boolean {
  return provider instanceof ProxyTracerProvider && provider.getDelegate() === NOOP_TRACER_PROVIDER;
}
