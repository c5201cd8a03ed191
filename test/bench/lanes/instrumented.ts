import type { Lane } from "../measure.ts";
import { bareFetch } from "./bare-fetch.ts";
import { meteredFetch, type Metered } from "./metered-fetch.ts";
import type { Peer } from "./peers.ts";
import type { LaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

/** A way of watching a client. */
export interface Instrumented {
  readonly name: string;
  /** What one call must be seen to record. */
  readonly spans: 0 | 1;
  readonly fetch?: (fetch: Fetch, telemetry: LaneTelemetry) => Fetch;
  readonly peer?: Peer;
}

/** A lane that says what it must be seen to record. */
export interface ObservedLane extends Lane {
  readonly telemetry: LaneTelemetry;
  readonly spans: 0 | 1;
  /** Of the peer that does it. */
  readonly version?: string | undefined;
}

export const UNINSTRUMENTED = "no instrumentation";
export const NOISE = "no instrumentation, again (noise)";
export const BARE = "bare span + 3 histogram records";
export const TOLLGATE = "tollgate";
export const SPANS_OFF = "tollgate, spans off";

export const none = (name: string): Instrumented => ({ name, spans: 0 });

export const BARE_SPAN: Instrumented = { name: BARE, spans: 1, fetch: bareFetch };

export const tollgate = (name: string, options: Metered = {}): Instrumented => ({
  name,
  spans: options.spans === false ? 0 : 1,
  fetch: (fetch, telemetry) => meteredFetch(fetch, telemetry, options),
});
