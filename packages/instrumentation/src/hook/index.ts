export { hookGlobalFetch } from "./global-fetch.ts";
export { hookGlobalWebSocket } from "./global-web-socket.ts";
export { startModuleHooks } from "../module/start-module-hooks.ts";
export { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "../version.ts";
