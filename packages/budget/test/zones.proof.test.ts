import { expect, test } from "vitest";
import { calendarWindow } from "../src/window/calendar.ts";
import type { CalendarPeriod } from "../src/window/window.ts";
import { AT_LENGTH, figure, PROOF_TIMEOUT_MS } from "./proof.ts";

const ZONES = Intl.supportedValuesOf("timeZone");
const FROM_MS = Date.UTC(2025, 11, 31, 12);
const UNTIL_MS = Date.UTC(2028, 0, 2);

/** Zones whose clocks change at or around midnight, by half hours, or in a way of their own. */
const ODD_ZONES = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Asuncion",
  "America/Havana",
  "America/Nuuk",
  "America/Santiago",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Atlantic/Azores",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
];

/** What a zone's clocks show, found in another way than the windows are. */
function shownDate(formatter: Intl.DateTimeFormat, atMs: number): string {
  return formatter.format(atMs);
}

/** A window begins the first time that its day is shown. */
function misplacedDay(
  formatter: Intl.DateTimeFormat,
  startMs: number,
  key: string,
): string | undefined {
  const day = shownDate(formatter, startMs);
  if (!day.startsWith(key)) return `begins on ${day}`;
  return shownDate(formatter, startMs - 1) >= day ? "its day has begun before" : undefined;
}

/** Walks from window to window. @returns how many there were. */
function walk(timezone: string, period: CalendarPeriod): number {
  const formatter = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" });
  const wrong: string[] = [];
  const say = (what: string, atMs: number): void => {
    wrong.push(`${timezone} ${period} ${new Date(atMs).toISOString()}: ${what}`);
  };
  let windows = 0;
  let atMs = FROM_MS;
  let last = calendarWindow(period, timezone, atMs);
  while (atMs < UNTIL_MS) {
    const { startMs, endMs, key } = calendarWindow(period, timezone, atMs);
    if (!(startMs <= atMs && atMs < endMs)) say("a window does not hold its own instant", atMs);
    if (windows > 0 && startMs !== last.endMs) say("a hole or an overlap", atMs);
    if (windows > 0 && key === last.key) say("two windows have one name", atMs);
    for (const inside of [endMs - 1, Math.floor((startMs + endMs) / 2)]) {
      const again = calendarWindow(period, timezone, inside);
      if (again.startMs !== startMs || again.endMs !== endMs) say("differs inside", inside);
    }
    const wrongDay = misplacedDay(formatter, startMs, key);
    if (wrongDay !== undefined) say(wrongDay, startMs);
    last = { startMs, endMs, key };
    atMs = endMs;
    windows++;
  }
  expect(wrong).toEqual([]);
  return windows;
}

test(
  "windows of every time zone follow each other for two years, without an error, a hole or an overlap",
  { timeout: PROOF_TIMEOUT_MS },
  () => {
    let windows = 0;
    for (const zone of ZONES) windows += walk(zone, "month");
    for (const zone of AT_LENGTH ? ZONES : ODD_ZONES) {
      windows += walk(zone, "day") + walk(zone, "week");
    }
    figure(
      `windows: ${windows} of ${ZONES.length} time zones over two years, each where it belongs`,
    );
    expect(windows).toBeGreaterThan(ZONES.length * 24);
  },
);
