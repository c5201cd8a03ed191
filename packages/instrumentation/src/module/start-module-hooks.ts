import { createRequire } from "node:module";
import { diag } from "@opentelemetry/api";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import type { StartedModuleHooks } from "./module-instrumentation.ts";
import { MODULE_NAMES } from "./module-names.ts";
import { hasSyncLoader } from "./module-loader.ts";
import { watchModules } from "./watch-modules.ts";

/** In the middle of loading a module nothing can be awaited. */
const require = createRequire(import.meta.url);

interface InstrumentationModule {
  startModuleInstrumentation(meter: CallMeter): StartedModuleHooks;
}

/**
 * Meters clients that do not use the global `fetch`, in a process that has no OpenTelemetry loader of its
 * own. To be called before the app loads them, as with `--import`. An app that never does pays next to nothing.
 *
 * @returns a function that ends it: the clients then work as if it had never been.
 */
export function startModuleHooks(meter: CallMeter): () => void {
  let started: StartedModuleHooks | undefined;
  const begin = (): StartedModuleHooks["resolve"] => {
    try {
      const {
        startModuleInstrumentation,
      }: InstrumentationModule = require("#module-instrumentation");
      started = startModuleInstrumentation(meter);
      return started.resolve;
    } catch (error) {
      diag.error("tollgate: no module hooks", error);
      return undefined;
    }
  };
  // A loader in another thread must be there before the import that it is to see.
  const endWatch = hasSyncLoader() ? watchModules(MODULE_NAMES, begin) : void begin();
  return () => {
    endWatch?.();
    started?.stop();
  };
}
