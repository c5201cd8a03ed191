import { isTollgateError } from "@tollgate/core";
import { nothingRanBefore } from "./process/nothing-ran-before.ts";
import { startTollgate } from "./start.ts";
import type { TelemetrySetup } from "./telemetry/telemetry-setup.ts";

/** sysexits.h: something is wrong with the configuration. */
const EX_CONFIG = 78;

/** Set once Tollgate runs here: `--import` may stand in NODE_OPTIONS and on the command line. */
const STARTED = Symbol.for("tollgate.started.v1");

/**
 * Starts Tollgate for the whole process, once. A configuration that is wrong ends the process with code 78
 * and one clear message: an app without its budgets must be a decision, not an accident. With
 * `TOLLGATE_ON_CONFIG_ERROR=ignore` the app starts unmetered instead.
 */
export function startProcess(startSdk?: (setup: TelemetrySetup) => void): void {
  if (Reflect.has(globalThis, STARTED) || isDisabled()) return;
  try {
    const isFirst = nothingRanBefore(process.execArgv, process.env["NODE_OPTIONS"]);
    startTollgate({ isFirst }, startSdk);
    Reflect.set(globalThis, STARTED, true);
  } catch (error) {
    if (!isTollgateError(error)) throw error;
    const ignored = process.env["TOLLGATE_ON_CONFIG_ERROR"] === "ignore";
    const ending = ignored
      ? "The app starts UNMETERED and WITHOUT BUDGETS (TOLLGATE_ON_CONFIG_ERROR=ignore)."
      : "The app is not started. Set TOLLGATE_ON_CONFIG_ERROR=ignore to start it unmetered.";
    process.stderr.write(`tollgate: ${error.message}\n${ending}\n`);
    if (!ignored) process.exit(EX_CONFIG);
  }
}

/** `TOLLGATE_DISABLED=true`: as if we were not there. */
function isDisabled(): boolean {
  return process.env["TOLLGATE_DISABLED"]?.trim().toLowerCase() === "true";
}
