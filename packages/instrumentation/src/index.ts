export type {
  AttributionOptions,
  CallMeter,
  Fetch,
  MeteringOptions,
  TelemetrySource,
} from "./fetch/index.ts";
export { createCallMeter, createGlobalTelemetry, createMeteredFetch } from "./fetch/index.ts";
export { hookGlobalFetch } from "./hook/global-fetch.ts";
export { TollgateInstrumentation } from "./instrumentation.ts";
export type { TollgateInstrumentationConfig } from "./instrumentation.ts";
export { createModuleHooks } from "./module/module-hooks.ts";
export { startModuleHooks } from "./module/start-module-hooks.ts";
export { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "./version.ts";
