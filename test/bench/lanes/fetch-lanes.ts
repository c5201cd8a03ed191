import type { Instrumented, ObservedLane } from "./instrumented.ts";
import { createLaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

/** An app that calls fetch itself. */
export interface FetchWork {
  readonly group: string;
  readonly fetch: Fetch;
  readonly work: (fetch: Fetch) => Promise<unknown>;
}

export function fetchLanes(
  lanes: readonly Instrumented[],
  { group, fetch, work }: FetchWork,
): readonly ObservedLane[] {
  return lanes.map(({ name, spans, fetch: wrap }) => {
    const telemetry = createLaneTelemetry();
    const laneFetch = wrap?.(fetch, telemetry) ?? fetch;
    return { name, group, spans, telemetry, run: () => work(laneFetch) };
  });
}
