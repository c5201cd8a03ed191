import type { PointRecord } from "../otlp/records.ts";

/** What is known of one run of a sum: from its start, which a restarted sender sets anew. */
export interface SeriesRun {
  readonly startMs: number;
  /** The highest sum that was counted. */
  readonly value: number;
  /** When the newest point was measured. */
  readonly timeMs: number;
}

/** The newest runs of a cumulative series, the newest first. */
export interface CumulativeState {
  readonly runs: readonly SeriesRun[];
}

export interface Step {
  readonly state: CumulativeState;
  /** What the sum grew by; 0 for a repeat, for what came too late, and for a first point that only says where it stands. */
  readonly amount: number;
}

/** Points of an earlier run may still come after the first of the next ones; of older runs they are repeats. */
const MAX_RUNS = 4;

/**
 * Takes a point of a cumulative sum (metrics data model, "Sums" and "Resets and Gaps"). Of one run only the newest point
 * matters, so that repeats, points out of order and gaps change nothing.
 *
 * @param countsFromStart - false when an earlier part of the series may have been counted and forgotten.
 */
export function stepCumulative(
  state: CumulativeState | undefined,
  { startMs, timeMs, value }: Pick<PointRecord, "startMs" | "timeMs"> & { readonly value: number },
  countsFromStart: boolean,
): Step {
  const runs = state?.runs ?? [];
  const at = runs.findIndex((run) => run.startMs === startMs);
  const run = runs[at];
  if (run === undefined) {
    const oldest = runs.at(-1);
    const isForgotten = runs.length >= MAX_RUNS && oldest !== undefined && startMs < oldest.startMs;
    if (isForgotten) return { state: { runs }, amount: 0 };
    // A run without a start, or without a length, says where an unknown one stood (data model, "Unknown start time").
    const isWhole = startMs > 0 && startMs < timeMs;
    return {
      state: { runs: newestFirst([...runs, { startMs, timeMs, value }]) },
      amount: isWhole && countsFromStart ? value : 0,
    };
  }
  if (timeMs <= run.timeMs) return { state: { runs }, amount: 0 };
  // A sum that falls was begun again by a sender that did not say so.
  const amount = value < run.value ? value : value - run.value;
  return { state: { runs: runs.with(at, { startMs, timeMs, value }) }, amount };
}

function newestFirst(runs: readonly SeriesRun[]): readonly SeriesRun[] {
  return runs.toSorted((a, b) => b.startMs - a.startMs).slice(0, MAX_RUNS);
}
