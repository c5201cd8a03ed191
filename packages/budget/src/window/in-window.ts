import { calendarWindow } from "./calendar.ts";
import { bucketLeavesAtMs, bucketIndex } from "./rolling.ts";
import type { Window } from "./window.ts";

/** Whether what happened at a time counts in the window of now. */
export function countsNow(window: Window, timeMs: number, nowMs: number): boolean {
  switch (window.kind) {
    case "calendar":
      return timeMs >= calendarWindow(window.period, window.timezone, nowMs).startMs;
    case "rolling":
      return bucketLeavesAtMs(window, bucketIndex(window, timeMs)) > nowMs;
    default:
      return true;
  }
}
