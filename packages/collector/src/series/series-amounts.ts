import type { Clock } from "@tollgate/core";
import type { PointRecord } from "../otlp/records.ts";
import { stepCumulative, type CumulativeState } from "./cumulative-series.ts";
import { newestCounted, stepDelta, type DeltaState } from "./delta-series.ts";
import { seriesIdentity } from "./series-identity.ts";

/** What a series grew by. */
export interface SeriesAmount {
  /** Above 0. */
  readonly amount: number;
  /** The same for the same point, whenever and however often it is sent. */
  readonly key: string;
}

/** One series as it is kept; plain JSON. */
export interface SeriesState {
  readonly id: string;
  /** When a point of it came last, by the clock here. */
  readonly seenMs: number;
  readonly cumulative?: CumulativeState;
  readonly delta?: DeltaState;
}

/** Everything that a restarted collector needs in order to count no sum again; plain JSON. */
export interface SeriesSnapshot {
  readonly version: 1;
  readonly series: readonly SeriesState[];
  /** Sums that began before this may have been counted and forgotten. */
  readonly forgottenMs: number;
}

export interface SeriesChanges {
  readonly changed: readonly SeriesState[];
  /** Ids of series that are kept no more. */
  readonly forgotten: readonly string[];
  readonly forgottenMs: number;
}

export interface SeriesAmounts {
  /**
   * @returns what the point adds; `undefined` for a repeat, a late point, a gauge, an up-down sum, and the first
   * point of a cumulative sum without a start, which only says where it stands.
   */
  take(point: PointRecord): SeriesAmount | undefined;
  snapshot(): SeriesSnapshot;
  /**
   * The series that changed since the last call, for a store that keeps each by its id. Keep them together with what was
   * booked from them: if a booking outlives its state, the next start counts it again, and the other way round it is lost.
   */
  takeChanges(): SeriesChanges;
  readonly size: number;
  /** Points that were not counted because there were more series than the cap. */
  readonly overflowed: number;
}

export interface SeriesAmountsOptions {
  readonly clock: Clock;
  /** What {@link SeriesAmounts.snapshot} of an earlier process gave. */
  readonly restore?: SeriesSnapshot | undefined;
  /**
   * Points of further series are not counted but in `overflowed`. A series takes about 300 bytes, of delta up to 3 kB.
   *
   * @defaultValue 50,000
   */
  readonly maxSeries?: number | undefined;
  /**
   * A series without a point for as long is forgotten. Should it come back with its old start, it counts on from there
   * without what it missed: less is booked, never twice.
   *
   * @defaultValue seven days
   */
  readonly idleMs?: number | undefined;
}

const DEFAULT_MAX_SERIES = 50_000;
const DEFAULT_IDLE_MS = 7 * 86_400_000;
/** How often the cap looks for idle series once it is reached. */
const SWEEP_EVERY_MS = 60_000;

/**
 * Turns sums and histograms into amounts: what each series grew by, counted once. Any split, repetition and order of
 * deliveries gives the same total, as long as a sender marks its restarts with a new start and no more than four restarts
 * (cumulative) or 64 points (delta) overtake a point. Pure but for what it keeps; the clock is given.
 */
export function createSeriesAmounts(options: SeriesAmountsOptions): SeriesAmounts {
  const { clock, maxSeries = DEFAULT_MAX_SERIES, idleMs = DEFAULT_IDLE_MS, restore } = options;
  /** The longest idle first. */
  const kept = new Map<string, SeriesState>(restore?.series.map((state) => [state.id, state]));
  let changed = new Set<string>();
  let forgotten: string[] = [];
  let forgottenMs = restore?.forgottenMs ?? 0;
  let overflowed = 0;
  let sweptMs = Number.NEGATIVE_INFINITY;

  function forgetIdle(nowMs: number): void {
    if (nowMs - sweptMs < SWEEP_EVERY_MS) return;
    sweptMs = nowMs;
    for (const [id, state] of kept) {
      if (nowMs - state.seenMs < idleMs) break;
      kept.delete(id);
      changed.delete(id);
      forgotten.push(id);
      // A sender whose clock is ahead must not make others look old.
      forgottenMs = Math.max(forgottenMs, Math.min(newestOf(state), state.seenMs));
    }
  }

  return {
    take(point) {
      const { value } = point;
      if (value === undefined || !(value >= 0 && Number.isFinite(value)) || !addsUp(point)) {
        return undefined;
      }
      const nowMs = clock.now();
      forgetIdle(nowMs);
      const id = seriesIdentity(point);
      const state = kept.get(id);
      if (state === undefined && kept.size >= maxSeries) {
        overflowed += 1;
        return undefined;
      }
      const told = { startMs: point.startMs, timeMs: point.timeMs, value };
      const { amount, ...next } =
        point.temporality === "delta"
          ? toDelta(stepDelta(state?.delta ?? { counted: [], forgottenMs }, told))
          : toCumulative(stepCumulative(state?.cumulative, told, point.startMs > forgottenMs));
      kept.delete(id);
      kept.set(id, { id, seenMs: nowMs, ...next });
      changed.add(id);
      return amount > 0
        ? { amount, key: `series:${id}:${point.startMs}:${point.timeMs}` }
        : undefined;
    },
    snapshot: () => ({ version: 1, series: [...kept.values()], forgottenMs }),
    takeChanges() {
      const changes = {
        changed: [...changed].flatMap((id) => kept.get(id) ?? []),
        forgotten,
        forgottenMs,
      };
      changed = new Set();
      forgotten = [];
      return changes;
    },
    get size() {
      return kept.size;
    },
    get overflowed() {
      return overflowed;
    },
  };
}

/** When the newest point of a series was measured. */
function newestOf({ cumulative, delta }: SeriesState): number {
  const runs = cumulative?.runs.map(({ timeMs }) => timeMs) ?? [];
  return Math.max(0, ...runs, ...(delta === undefined ? [] : [newestCounted(delta)]));
}

/** Of gauges and sums that may fall nothing can be said. A summary is cumulative by its definition. */
function addsUp({ kind, temporality, monotonic }: PointRecord): boolean {
  if (kind === "gauge") return false;
  if (kind === "summary") return true;
  return temporality !== "unspecified" && (kind !== "sum" || monotonic);
}

function toDelta({ state, amount }: ReturnType<typeof stepDelta>): {
  readonly amount: number;
  readonly delta: DeltaState;
} {
  return { amount, delta: state };
}

function toCumulative({ state, amount }: ReturnType<typeof stepCumulative>): {
  readonly amount: number;
  readonly cumulative: CumulativeState;
} {
  return { amount, cumulative: state };
}
