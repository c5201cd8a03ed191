import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarWindow } from "../src/window/calendar.ts";
import type { CalendarPeriod } from "../src/window/window.ts";

const DAY_MS = 86_400_000;
const ZONES = Intl.supportedValuesOf("timeZone");
const TWO_YEARS = { start: Date.UTC(2025, 0, 1), end: Date.UTC(2027, 0, 1) };

/** The local date by other means than the code under test. */
function localDate(timezone: string, atMs: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" }).format(atMs);
}

const iso = (ms: number): string => new Date(ms).toISOString();

function findHoles(period: CalendarPeriod, timezone: string): string[] {
  const holes: string[] = [];
  let window = calendarWindow(period, timezone, TWO_YEARS.start);
  while (window.endMs < TWO_YEARS.end) {
    const next = calendarWindow(period, timezone, window.endMs);
    const days = (next.endMs - next.startMs) / DAY_MS;
    const odd = period === "day" && Math.abs(days - 1) > 1 / 12;
    if (next.startMs !== window.endMs || odd) holes.push(`${timezone} ${iso(window.endMs)}`);
    window = next;
  }
  return holes;
}

describe("calendar windows", () => {
  test.each<[CalendarPeriod, string, string, string, string]>([
    ["day", "UTC", "2026-03-04T12:00:00Z", "2026-03-04T00:00:00.000Z", "2026-03-05T00:00:00.000Z"],
    // A day of 23 hours, a day of 25 hours.
    [
      "day",
      "Europe/Berlin",
      "2026-03-29T12:00:00Z",
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ],
    [
      "day",
      "Europe/Berlin",
      "2026-10-25T12:00:00Z",
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
    ],
    // Weeks start on Monday; 2026-11-02 is one.
    ["week", "UTC", "2026-11-01T23:59:59Z", "2026-10-26T00:00:00.000Z", "2026-11-02T00:00:00.000Z"],
    [
      "week",
      "Asia/Tokyo",
      "2026-11-01T15:00:00Z",
      "2026-11-01T15:00:00.000Z",
      "2026-11-08T15:00:00.000Z",
    ],
    [
      "month",
      "UTC",
      "2024-02-29T12:00:00Z",
      "2024-02-01T00:00:00.000Z",
      "2024-03-01T00:00:00.000Z",
    ],
    [
      "month",
      "America/New_York",
      "2026-03-15T00:00:00Z",
      "2026-03-01T05:00:00.000Z",
      "2026-04-01T04:00:00.000Z",
    ],
    // Offsets of a half and a quarter of an hour.
    [
      "day",
      "Asia/Kolkata",
      "2026-03-04T18:30:00Z",
      "2026-03-04T18:30:00.000Z",
      "2026-03-05T18:30:00.000Z",
    ],
    [
      "day",
      "Asia/Kathmandu",
      "2026-03-04T12:00:00Z",
      "2026-03-03T18:15:00.000Z",
      "2026-03-04T18:15:00.000Z",
    ],
    // Midnight does not exist: clocks go from 23:59 to 01:00.
    [
      "day",
      "Africa/Cairo",
      "2026-04-24T12:00:00Z",
      "2026-04-23T22:00:00.000Z",
      "2026-04-24T21:00:00.000Z",
    ],
    // Midnight comes twice: clocks go back from 01:00 to 00:00.
    [
      "day",
      "America/Havana",
      "2026-11-01T12:00:00Z",
      "2026-11-01T04:00:00.000Z",
      "2026-11-02T05:00:00.000Z",
    ],
    // Clocks went back at 00:01 to 23:01 of the day before: the new day had begun.
    [
      "day",
      "America/St_Johns",
      "2010-11-07T02:45:00Z",
      "2010-11-07T02:30:00.000Z",
      "2010-11-08T03:30:00.000Z",
    ],
    // A day that did not exist: 2011-12-30.
    [
      "day",
      "Pacific/Apia",
      "2011-12-30T09:59:59Z",
      "2011-12-29T10:00:00.000Z",
      "2011-12-30T10:00:00.000Z",
    ],
    [
      "day",
      "Pacific/Apia",
      "2011-12-30T10:00:00Z",
      "2011-12-30T10:00:00.000Z",
      "2011-12-31T10:00:00.000Z",
    ],
  ])("the %s in %s of %s", (period, timezone, at, start, end) => {
    const window = calendarWindow(period, timezone, Date.parse(at));
    expect([iso(window.startMs), iso(window.endMs)]).toEqual([start, end]);
  });

  test("are named by their first local day", () => {
    const at = Date.parse("2026-11-01T23:30:00Z");
    expect(calendarWindow("day", "Asia/Tokyo", at).key).toBe("2026-11-02");
    expect(calendarWindow("week", "UTC", at).key).toBe("2026-10-26");
    expect(calendarWindow("month", "America/New_York", at).key).toBe("2026-11");
  });

  test.each<[CalendarPeriod, readonly string[]]>([
    ["day", ZONES.filter((_, index) => index % 3 === 0)],
    ["week", ZONES],
    ["month", ZONES],
  ])(
    "%ss follow each other without a hole over two years",
    (unit, zones) => {
      const holes = zones.flatMap((timezone) => findHoles(unit, timezone));
      expect(holes).toEqual([]);
    },
    30_000,
  );

  const instant = fc.integer({ min: TWO_YEARS.start, max: TWO_YEARS.end });
  const zone = fc.constantFrom(...ZONES);
  const period = fc.constantFrom<CalendarPeriod>("day", "week", "month");

  test("hold every instant, whatever was asked before", () => {
    fc.assert(
      fc.property(period, zone, instant, instant, (unit, timezone, first, second) => {
        calendarWindow(unit, timezone, first);
        const { startMs, endMs } = calendarWindow(unit, timezone, second);
        expect(startMs).toBeLessThanOrEqual(second);
        expect(endMs).toBeGreaterThan(second);
        expect(calendarWindow(unit, timezone, startMs)).toEqual({
          key: expect.any(String),
          startMs,
          endMs,
        });
        expect(calendarWindow(unit, timezone, endMs - 1)).toMatchObject({ startMs, endMs });
      }),
      { numRuns: 2_000 },
    );
  });

  test("start where the local date turns", () => {
    fc.assert(
      fc.property(zone, instant, (timezone, at) => {
        const { key, startMs } = calendarWindow("day", timezone, at);
        expect(localDate(timezone, startMs)).toBe(key);
        expect(localDate(timezone, startMs - 1)).not.toBe(key);
        expect(localDate(timezone, startMs - DAY_MS / 2)).not.toBe(key);
      }),
      { numRuns: 1_000 },
    );
  });
});
