import { diag, type Meter, type Tracer } from "@opentelemetry/api";
import type { TelemetrySource } from "@tollgate/instrumentation/fetch";
import type { PrivateProvider } from "./private-provider.ts";

/** Telemetry that goes to the app's providers where there are some, else to ours. */
export interface FollowingTelemetry extends TelemetrySource {
  /** Exports what waits in our own providers. */
  flush(): Promise<void>;
}

export interface FollowAppOptions {
  /** The providers that the app registered with the OpenTelemetry API. */
  readonly app: TelemetrySource;
  readonly createMeter: () => PrivateProvider<Meter>;
  readonly createTracer: () => PrivateProvider<Tracer>;
}

/**
 * Asked at each call, signal by signal: an app may register only a tracer provider, before or after its
 * first call. Our own provider is made when it is first needed and shut down when the app's arrives.
 */
export function followApp(options: FollowAppOptions): FollowingTelemetry {
  const meter = createFollower(options.app.meter, options.createMeter);
  const tracer = createFollower(options.app.tracer, options.createTracer);
  return {
    meter: meter.current,
    tracer: tracer.current,
    async flush() {
      await Promise.all([meter.flush(), tracer.flush()]);
    },
  };
}

function createFollower<Instrument>(
  appInstrument: () => Instrument | undefined,
  create: () => PrivateProvider<Instrument>,
): { current(): Instrument | undefined; flush(): Promise<void> } {
  let own: PrivateProvider<Instrument> | undefined;
  return {
    current() {
      const found = appInstrument();
      if (found === undefined) {
        own ??= create();
        return own.instrument;
      }
      if (own !== undefined) {
        const leaving = own;
        own = undefined;
        leaving
          .shutdown()
          .catch((error: unknown) => diag.error("tollgate: ending own telemetry failed", error));
      }
      return found;
    },
    flush: async () => own?.flush(),
  };
}
