export const HOUR_MS = 3_600_000;
export const HOURS_A_DAY = 24;
export const HOURS_A_WEEK = 168;

/** What was spent in one hour. */
export interface SpendPoint {
  /** When the hour began, milliseconds since the epoch. */
  readonly timeMs: number;
  /** In any one unit, 0 or more. */
  readonly amount: number;
}

/** Hours in a row; those of which nothing is said are 0. */
export interface HourlySeries {
  /** Hours since the epoch. */
  readonly firstHour: number;
  readonly amounts: readonly number[];
}

/** The whole hours before now, from the first one in which anything was spent. */
export function toHourlySeries(points: readonly SpendPoint[], nowMs: number): HourlySeries {
  const thisHour = hourOf(nowMs);
  const known = points.filter(
    ({ timeMs, amount }) => amount > 0 && Number.isFinite(amount) && hourOf(timeMs) < thisHour,
  );
  const firstHour = known.reduce((first, { timeMs }) => Math.min(first, hourOf(timeMs)), thisHour);
  const amounts = Array.from({ length: thisHour - firstHour }, () => 0);
  for (const { timeMs, amount } of known) {
    const index = hourOf(timeMs) - firstHour;
    amounts[index] = (amounts[index] ?? 0) + amount;
  }
  return { firstHour, amounts };
}

export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS);
}

/** 0 is the first hour of a Thursday, as the epoch was. */
export function hourOfWeek(hour: number): number {
  return ((hour % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;
}
