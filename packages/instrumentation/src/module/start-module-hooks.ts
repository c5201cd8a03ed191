import {
  InstrumentationBase,
  type InstrumentationModuleDefinition,
} from "@opentelemetry/instrumentation";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "../version.ts";
import { createModuleHooks } from "./module-hooks.ts";
import { registerModuleLoader } from "./module-loader.ts";

/** OpenTelemetry's mechanism, and nothing else of an instrumentation. */
class ModuleInstrumentation extends InstrumentationBase {
  /** Undefined while the base constructor runs, which calls `init`. */
  private readonly meterCalls: CallMeter;

  constructor(meterCalls: CallMeter) {
    super(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION, { enabled: false });
    this.meterCalls = meterCalls;
  }

  protected override init(): InstrumentationModuleDefinition[] {
    return createModuleHooks(() => this.meterCalls);
  }
}

/**
 * Meters clients that do not use the global `fetch`, in a process that has no OpenTelemetry loader of its
 * own. To be called before the app loads them, as with `--import`.
 *
 * @returns a function that ends it: the clients then work as if it had never been.
 */
export function startModuleHooks(meter: CallMeter): () => void {
  const instrumentation = new ModuleInstrumentation(meter);
  registerModuleLoader(createModuleHooks(() => meter).map(({ name }) => name));
  instrumentation.enable();
  return () => instrumentation.disable();
}
