import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import type { Meter, Tracer } from "@opentelemetry/api";
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "@tollgate/instrumentation/hooks";
import { createMetricReaders, createSpanProcessors } from "./exporters.ts";
import type { PrivateProvider } from "./private-provider.ts";
import type { TelemetrySetup } from "./telemetry-setup.ts";
import { createResource } from "./resource.ts";

const NOTHING = {
  instrument: undefined,
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** Never registered globally: an app that starts its SDK later must find its place free. */
export function createPrivateMeter(setup: TelemetrySetup): PrivateProvider<Meter> {
  const { disabled, metrics } = setup.settings;
  if (disabled || (metrics.size === 0 && setup.readers.length === 0)) return NOTHING;
  const { readers, close } = createMetricReaders(setup);
  const provider = new MeterProvider({ resource: createResource(), readers });
  return {
    instrument: provider.getMeter(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION),
    flush: () => provider.forceFlush(),
    async shutdown() {
      close();
      await provider.shutdown();
    },
  };
}

export function createPrivateTracer({ settings }: TelemetrySetup): PrivateProvider<Tracer> {
  if (settings.disabled || settings.traces.size === 0) return NOTHING;
  const provider = new TracerProvider({
    resource: createResource(),
    spanProcessors: createSpanProcessors(settings),
  });
  return {
    instrument: provider.getTracer(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION),
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}
