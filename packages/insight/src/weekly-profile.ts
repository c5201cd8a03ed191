import { HOURS_A_DAY, HOURS_A_WEEK, hourOfWeek, type HourlySeries } from "./hourly-series.ts";

/** What an hour of the week usually brings, as a multiple of a mean hour. */
export type WeeklyProfile = (hour: number) => number;

/** One observation of an hour of the week says little: it counts as much as so many of its hour of the day. */
const WEEKLY_PRIOR = 2;
const DAILY_PRIOR = 2;

/**
 * Learns the profile of a series: each hour of the week by its own mean, drawn towards that of its hour of the day, and that towards
 * the mean of all, the more the less often it was seen.
 */
export function learnProfile({ firstHour, amounts }: HourlySeries): WeeklyProfile {
  const mean = sum(amounts) / Math.max(1, amounts.length);
  if (mean === 0) return () => 1;
  const daily = createMeans(HOURS_A_DAY);
  const weekly = createMeans(HOURS_A_WEEK);
  for (const [index, amount] of amounts.entries()) {
    const hour = hourOfWeek(firstHour + index);
    daily.add(hour % HOURS_A_DAY, amount / mean);
    weekly.add(hour, amount / mean);
  }
  const profile = Array.from({ length: HOURS_A_WEEK }, (_, hour) =>
    weekly.drawnTo(daily.drawnTo(1, DAILY_PRIOR)(hour % HOURS_A_DAY), WEEKLY_PRIOR)(hour),
  );
  const scale = sum(profile) / HOURS_A_WEEK;
  return (hour) => (profile[hourOfWeek(hour)] ?? 1) / scale;
}

interface Means {
  add(place: number, value: number): void;
  /** The mean of a place with `weight` observations of `prior` in it. */
  drawnTo(prior: number, weight: number): (place: number) => number;
}

function createMeans(places: number): Means {
  const sums = Array.from({ length: places }, () => 0);
  const counts = Array.from({ length: places }, () => 0);
  return {
    add(place, value) {
      sums[place] = (sums[place] ?? 0) + value;
      counts[place] = (counts[place] ?? 0) + 1;
    },
    drawnTo: (prior, weight) => (place) =>
      ((sums[place] ?? 0) + prior * weight) / ((counts[place] ?? 0) + weight),
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
