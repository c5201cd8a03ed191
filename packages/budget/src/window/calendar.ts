import { zoneOffsetMs } from "@tollgate/core";
import type { CalendarPeriod, TimeWindow } from "./window.ts";

const DAY_MS = 86_400_000;
/** More than any zone is away from UTC. */
const WIDEST_OFFSET_MS = 16 * 3_600_000;

/** The window asked for last, per period and zone: finding one takes time-zone arithmetic. */
const latest = new Map<string, TimeWindow>();

/**
 * The calendar window that an instant falls into, in a zone's local time.
 *
 * Windows follow each other without a gap or an overlap. Where clocks are put forward over
 * midnight, a window starts at the first instant of its local day; where they are put back over
 * midnight, it starts the first time midnight comes.
 */
export function calendarWindow(
  period: CalendarPeriod,
  timezone: string,
  nowMs: number,
): TimeWindow {
  const cacheKey = `${period} ${timezone}`;
  const cached = latest.get(cacheKey);
  if (cached && cached.startMs <= nowMs && nowMs < cached.endMs) return cached;

  let day = periodStart(period, localDay(timezone, nowMs));
  let nextDay = nextPeriodStart(period, day);
  let endMs = dayStartMs(timezone, nextDay);
  // Clocks put back over the boundary show the old day again; the new window has begun all the same.
  while (endMs <= nowMs) {
    day = nextDay;
    nextDay = nextPeriodStart(period, day);
    endMs = dayStartMs(timezone, nextDay);
  }
  const window = { key: keyOf(period, day), startMs: dayStartMs(timezone, day), endMs };
  latest.set(cacheKey, window);
  return window;
}

/** Days are counted from 1970-01-01, a Thursday. */
function localDay(timezone: string, atMs: number): number {
  return Math.floor((atMs + zoneOffsetMs(timezone, atMs)) / DAY_MS);
}

function periodStart(period: CalendarPeriod, day: number): number {
  if (period === "day") return day;
  if (period === "week") return day - ((((day + 3) % 7) + 7) % 7);
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
}

function nextPeriodStart(period: CalendarPeriod, startDay: number): number {
  if (period === "day") return startDay + 1;
  if (period === "week") return startDay + 7;
  const date = new Date(startDay * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
}

/** The first instant at which a zone's clocks show this day or a later one. */
function dayStartMs(timezone: string, day: number): number {
  const shownMs = day * DAY_MS;
  let beforeMs = shownMs - WIDEST_OFFSET_MS;
  let afterMs = shownMs + WIDEST_OFFSET_MS;
  const offsetBefore = zoneOffsetMs(timezone, beforeMs);
  const offsetAfter = zoneOffsetMs(timezone, afterMs);
  if (offsetBefore === offsetAfter) return shownMs - offsetBefore;
  // The clocks change nearby: find the instant.
  while (afterMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + afterMs) / 2);
    if (zoneOffsetMs(timezone, middleMs) === offsetBefore) beforeMs = middleMs;
    else afterMs = middleMs;
  }
  const withOldOffset = shownMs - offsetBefore;
  return withOldOffset < afterMs ? withOldOffset : Math.max(afterMs, shownMs - offsetAfter);
}

function keyOf(period: CalendarPeriod, day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, period === "month" ? 7 : 10);
}
