import type { InstrumentationModuleDefinition } from "@opentelemetry/instrumentation";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import { createBedrockHook } from "./bedrock.ts";
import { createFetchModuleHook } from "./fetch-module.ts";
import { nodeFetchModule } from "./node-fetch.ts";
import { createSocketModuleHook, undiciSocketModule, wsModule } from "./socket-module.ts";
import { undiciModule } from "./undici.ts";

/**
 * Hooks for clients that do not use the global `fetch`, to be put in place by OpenTelemetry's
 * own mechanism.
 *
 * @param meter - asked at the first call.
 */
export function createModuleHooks(meter: () => CallMeter): InstrumentationModuleDefinition[] {
  return [
    createFetchModuleHook(nodeFetchModule, meter),
    createFetchModuleHook(undiciModule, meter),
    createBedrockHook(meter),
    createSocketModuleHook(wsModule, meter),
    createSocketModuleHook(undiciSocketModule, meter),
  ];
}
