export type { AttributionOptions, MeteringOptions } from "../call/options.ts";
export { createCallMeter, createMeteredFetch } from "./metered-fetch.ts";
export type { CallMeter } from "./metered-fetch.ts";
export type { Fetch } from "./outgoing-request.ts";
export { createGlobalTelemetry } from "./telemetry-source.ts";
export type { TelemetrySource } from "./telemetry-source.ts";
