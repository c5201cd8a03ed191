import { HOURS_A_DAY, hourOf, HOUR_MS, toHourlySeries, type SpendPoint } from "./hourly-series.ts";
import { learnProfile, sum, type WeeklyProfile } from "./weekly-profile.ts";

/** What will have been spent by a time. Amounts are in the unit of the points. */
export interface Forecast {
  /** From the start of the window up to now. */
  readonly spentSoFar: number;
  /** The middle of what may come, `spentSoFar` included. */
  readonly expected: number;
  /** It is below in one of ten cases. */
  readonly low: number;
  /** It is above in one of ten cases. */
  readonly high: number;
  /** `low`: less than three days are known, and the range may be far off. */
  readonly confidence: "low" | "normal";
  /** Days that are known. */
  readonly days: number;
}

export interface ForecastOptions {
  /** By hour, in any order; hours without one are 0. Four weeks or more are best. */
  readonly points: readonly SpendPoint[];
  readonly nowMs: number;
  /** Where the window of the sum begins. */
  readonly startMs: number;
  readonly untilMs: number;
  /** From 0 up to 1; decides which cases are tried. @defaultValue a sequence that is always the same */
  readonly random?: (() => number) | undefined;
}

const CASES = 1_000;
const LOW = 0.1;
const HIGH = 0.9;
/** The weight of a day halves with every so many days that it is older. */
const HALF_LIFE_DAYS = 7;
const ENOUGH_DAYS = 3;

/**
 * Goes on as before: the profile of the week times the level of late, by exponential smoothing. The range comes from how far past days
 * were from what would have been expected of them (bootstrap of residuals), and so grows with how unsteady they were.
 */
export function forecastSpend(options: ForecastOptions): Forecast {
  const { points, nowMs, startMs, untilMs, random = createSequence() } = options;
  const spentSoFar = sum(
    points
      .filter(({ timeMs, amount }) => timeMs >= startMs && timeMs <= nowMs && amount > 0)
      .map(({ amount }) => amount),
  );
  const series = toHourlySeries(points, nowMs);
  const days = series.amounts.length / HOURS_A_DAY;
  const confidence = days < ENOUGH_DAYS ? "low" : "normal";
  const certain = { spentSoFar, expected: spentSoFar, low: spentSoFar, high: spentSoFar };
  if (untilMs <= nowMs || series.amounts.length === 0) return { ...certain, confidence, days };

  const profile = learnProfile(series);
  const levels = dailyLevels(series.firstHour, series.amounts, profile);
  const level = smooth(levels);
  const residuals = levels.map((one) => (level === 0 ? 1 : one / level));
  const future = futureDays(nowMs, untilMs, profile).map((share) => share * level);
  const cases = Array.from({ length: CASES }, () => drawCase(future, residuals, random)).toSorted(
    (a, b) => a - b,
  );
  const at = (share: number): number => spentSoFar + (cases[Math.floor(share * (CASES - 1))] ?? 0);
  return {
    spentSoFar,
    expected: spentSoFar + sum(future),
    low: at(LOW),
    high: at(HIGH),
    confidence,
    days,
  };
}

/** Of each whole day back from now: how high it was over what the profile says of its hours. The latest is last. */
function dailyLevels(
  firstHour: number,
  amounts: readonly number[],
  profile: WeeklyProfile,
): readonly number[] {
  const levels: number[] = [];
  for (let end = amounts.length; end > 0; end -= HOURS_A_DAY) {
    const start = Math.max(0, end - HOURS_A_DAY);
    // A part of a day is no day, unless nothing else is known.
    if (end - start < HOURS_A_DAY && levels.length > 0) break;
    const share = sum(range(start, end).map((index) => profile(firstHour + index)));
    levels.push(sum(amounts.slice(start, end)) / Math.max(share, 1e-9));
  }
  return levels.toReversed();
}

function smooth(levels: readonly number[]): number {
  let weights = 0;
  let total = 0;
  for (const [index, level] of levels.entries()) {
    const weight = 0.5 ** ((levels.length - 1 - index) / HALF_LIFE_DAYS);
    weights += weight;
    total += weight * level;
  }
  return weights === 0 ? 0 : total / weights;
}

/** What the profile says of each day to come, the last one in part. */
function futureDays(nowMs: number, untilMs: number, profile: WeeklyProfile): readonly number[] {
  const days: number[] = [];
  for (let startMs = nowMs; startMs < untilMs; startMs += HOURS_A_DAY * HOUR_MS) {
    const endMs = Math.min(untilMs, startMs + HOURS_A_DAY * HOUR_MS);
    let share = 0;
    for (let hour = hourOf(startMs); hour * HOUR_MS < endMs; hour++) {
      const from = Math.max(startMs, hour * HOUR_MS);
      const to = Math.min(endMs, (hour + 1) * HOUR_MS);
      share += (profile(hour) * (to - from)) / HOUR_MS;
    }
    days.push(share);
  }
  return days;
}

/** One way it may go: days as they were before, and a level that was learned from other days than it was. */
function drawCase(
  future: readonly number[],
  residuals: readonly number[],
  random: () => number,
): number {
  const draw = (): number => residuals[Math.floor(random() * residuals.length)] ?? 1;
  const others = Math.min(residuals.length, HALF_LIFE_DAYS * 2);
  const level = sum(range(0, others).map(draw)) / Math.max(1, others);
  return sum(future.map((expected) => expected * draw() * level));
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

/** A linear congruential sequence (Numerical Recipes' constants): the same question has the same answer. */
function createSequence(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
