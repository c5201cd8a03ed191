import {
  InstrumentationBase,
  type InstrumentationModuleDefinition,
} from "@opentelemetry/instrumentation";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "../version.ts";
import { createModuleHooks } from "./module-hooks.ts";
import { registerModuleLoader } from "./module-loader.ts";
import type { ResolveHook } from "./watch-modules.ts";

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

/** Hooks that are in place. */
export interface StartedModuleHooks {
  /** For a module that is being resolved already; `undefined` when this Node takes another way. */
  readonly resolve: ResolveHook | undefined;
  stop(): void;
}

/** Puts the hooks in place, for modules that are loaded from now on. */
export function startModuleInstrumentation(meter: CallMeter): StartedModuleHooks {
  const instrumentation = new ModuleInstrumentation(meter);
  const resolve = registerModuleLoader();
  instrumentation.enable();
  return { resolve, stop: () => instrumentation.disable() };
}
