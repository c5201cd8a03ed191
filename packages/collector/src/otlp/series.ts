import type { Origin, PointRecord, Temporality } from "./records.ts";
import { hasRoom, reject, type Tally } from "./tally.ts";

export type PointKind = PointRecord["kind"];

/** What the points of one metric share. */
export interface Series {
  readonly origin: Origin;
  readonly metric: string;
  readonly unit: string;
  readonly kind: PointKind;
  readonly temporality: Temporality;
  readonly monotonic: boolean;
}

/** `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`: the series has ended; such a point has no number. */
export const NO_RECORDED_VALUE = 1;

/** @param code - `AGGREGATION_TEMPORALITY_*` by number */
export function temporalityOf(kind: PointKind, code: number): Temporality {
  if (kind === "gauge" || kind === "summary") return "unspecified";
  if (code === 1) return "delta";
  return code === 2 ? "cumulative" : "unspecified";
}

/** Whether a point of the series may come; it is rejected otherwise. */
export function takePoint({ metric }: Series, tally: Tally): boolean {
  if (metric === "") {
    reject(tally, "a point needs the name of its metric");
    return false;
  }
  if (!hasRoom(tally)) return false;
  tally.accepted++;
  return true;
}
