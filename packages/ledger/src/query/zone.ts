import { isTimeZone, TollgateError, zoneOffsetMs } from "@tollgate/core";
import { DAY_MS, HOUR_MS } from "../rollup/deltas.ts";

/** Civil days of an IANA zone, numbered as those of UTC are. */
export interface Zone {
  /** What is added to UTC to get the zone's civil time. */
  offsetAt(timeMs: number): number;
  /** When a civil day begins. */
  dayStart(day: number): number;
}

/** @throws TollgateError `TOLLGATE_QUERY_INVALID` when there is no such zone. */
export function createZone(timezone: string): Zone {
  if (!isTimeZone(timezone)) {
    const message = `There is no time zone ${JSON.stringify(timezone)}: write an IANA name such as "Europe/Berlin"`;
    throw new TollgateError("TOLLGATE_QUERY_INVALID", message);
  }
  const offsetAt = (timeMs: number): number => zoneOffsetMs(timezone, timeMs);
  const dayOf = (timeMs: number): number => Math.floor((timeMs + offsetAt(timeMs)) / DAY_MS);

  return {
    offsetAt,
    dayStart(day) {
      const civilMs = day * DAY_MS;
      // Clocks change by whole minutes: the first minute of the day is searched where a change may be near.
      let startMs = civilMs - offsetAt(civilMs - offsetAt(civilMs));
      if (dayOf(startMs) === day && dayOf(startMs - 1) < day) return startMs;
      startMs = civilMs - offsetAt(civilMs) - 3 * HOUR_MS;
      let low = startMs;
      let high = startMs + 6 * HOUR_MS;
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (dayOf(middle) < day) low = middle;
        else high = middle;
      }
      return high;
    },
  };
}
