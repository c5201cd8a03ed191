/** The calendar periods a budget may run over. */
export type CalendarPeriod = "day" | "week" | "month";

/** How a budget's time is cut into windows. Plain data, so that a store may write it down. */
export type Window =
  /** From midnight to midnight in a time zone; weeks start on Monday (ISO 8601). */
  | { readonly kind: "calendar"; readonly period: CalendarPeriod; readonly timezone: string }
  /** The time up to now, in sub-buckets that leave one by one. */
  | { readonly kind: "rolling"; readonly durationMs: number; readonly buckets: number }
  /** From the first call until nothing was asked for `idleMs` and no call is under way. */
  | { readonly kind: "task"; readonly idleMs: number }
  /** One window, for ever. */
  | { readonly kind: "total" };

/** One window in time: `startMs <= t < endMs`, milliseconds since the epoch. */
export interface TimeWindow {
  /** Names the window among those of its kind, such as `2026-11-02`. */
  readonly key: string;
  readonly startMs: number;
  /** `Infinity` when it never ends. */
  readonly endMs: number;
}

/** The window of a `total` budget. */
export const TOTAL_WINDOW: TimeWindow = {
  key: "total",
  startMs: Number.NEGATIVE_INFINITY,
  endMs: Number.POSITIVE_INFINITY,
};

/** Tells windows of different cut apart, so that a changed window starts its count anew. */
export function windowKey(window: Window): string {
  switch (window.kind) {
    case "calendar":
      return `${window.period}@${window.timezone}`;
    case "rolling":
      return `rolling:${window.durationMs}/${window.buckets}`;
    default:
      return window.kind;
  }
}
