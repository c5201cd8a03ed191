import type { PointRecord } from "../otlp/records.ts";

/** Which points of a delta series were counted. */
export interface DeltaState {
  /** The newest, each as `start/time`; the newest first. */
  readonly counted: readonly string[];
  /** Up to here points were forgotten: what is as old is taken for a repeat. */
  readonly forgottenMs: number;
}

const MAX_COUNTED = 64;

/** Takes a point of a delta sum: its value counts once, whatever the order. */
export function stepDelta(
  { counted, forgottenMs }: DeltaState,
  { startMs, timeMs, value }: Pick<PointRecord, "startMs" | "timeMs"> & { readonly value: number },
): { readonly state: DeltaState; readonly amount: number } {
  const point = `${startMs}/${timeMs}`;
  if (timeMs <= forgottenMs || counted.includes(point)) {
    return { state: { counted, forgottenMs }, amount: 0 };
  }
  const all = [...counted, point].toSorted((a, b) => timeOf(b) - timeOf(a));
  const dropped = all.slice(MAX_COUNTED);
  return {
    state: {
      counted: all.slice(0, MAX_COUNTED),
      forgottenMs: Math.max(forgottenMs, ...dropped.map(timeOf)),
    },
    amount: value,
  };
}

/** When the newest of them was measured. */
export function newestCounted({ counted, forgottenMs }: DeltaState): number {
  return Math.max(forgottenMs, ...counted.map(timeOf));
}

function timeOf(point: string): number {
  return Number(point.slice(point.indexOf("/") + 1));
}
