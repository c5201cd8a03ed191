import { adoptRuns } from "../agents/run-host.ts";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import type { Fetch } from "../fetch/outgoing-request.ts";

/**
 * Meters the global `fetch`, and tells the meter of the process's agents, tools and tasks. Clients that were built before keep the fetch they captured.
 *
 * @returns a function that ends it: it restores what was there if nobody has wrapped ours since (MSW and
 *   Next.js do), and lets calls pass untouched otherwise.
 */
export function hookGlobalFetch(meter: CallMeter): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  const original = globalThis.fetch;
  if (typeof original !== "function" || before === undefined) return () => undefined;
  const metered = meter.wrap(original);
  const releaseRuns = adoptRuns(meter.runs);
  let active = true;
  const hooked: Fetch = function fetch(input, init) {
    return active ? metered(input, init) : original(input, init);
  };
  Object.defineProperty(globalThis, "fetch", {
    value: hooked,
    writable: true,
    configurable: true,
    enumerable: before.enumerable ?? true,
  });
  return () => {
    active = false;
    releaseRuns();
    if (globalThis.fetch === hooked) Object.defineProperty(globalThis, "fetch", before);
  };
}
