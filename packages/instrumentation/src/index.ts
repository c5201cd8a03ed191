export type {
  AgentOptions,
  AgentSpanProcessor,
  AttributionOptions,
  CallMeter,
  ContentKind,
  ContentOptions,
  Fetch,
  MeteringOptions,
  RedactContent,
  RunHost,
  TaskOptions,
  TelemetrySource,
  ToolOptions,
} from "./fetch/index.ts";
export {
  createAgentSpanProcessor,
  createCallMeter,
  createGlobalTelemetry,
  createMeteredFetch,
  traceAgent,
  traceTask,
  traceTool,
} from "./fetch/index.ts";
export { hookGlobalFetch } from "./hook/global-fetch.ts";
export { hookGlobalWebSocket } from "./hook/global-web-socket.ts";
export { TollgateInstrumentation } from "./instrumentation.ts";
export type { TollgateInstrumentationConfig } from "./instrumentation.ts";
export { createModuleHooks } from "./module/module-hooks.ts";
export { startModuleHooks } from "./module/start-module-hooks.ts";
export { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "./version.ts";
