import type { Figures } from "./figures.ts";

/** Waits of one process that have ended since the last look. */
export interface Throttled {
  readonly agent: string;
  readonly calls: number;
  readonly waitedSeconds: number;
}

/** Finds out from the metrics alone when calls have waited for a budget. */
export function createThrottleWatch(): (
  figures: ReadonlyMap<string, Figures>,
) => readonly Throttled[] {
  const seen = new Map<string, Figures>();
  return (figures) =>
    [...figures].flatMap(([instance, now]) => {
      const before = seen.get(instance);
      seen.set(instance, now);
      const calls = now.throttled - (before?.throttled ?? 0);
      if (calls <= 0) return [];
      return {
        agent: now.agents[0]?.agent ?? instance,
        calls,
        waitedSeconds: now.throttledSeconds - (before?.throttledSeconds ?? 0),
      };
    });
}
