import type { CallCost } from "@tollgate/core";
import type { ConditionalPrice } from "./catalogue-format.ts";
import type { PriceTable } from "./rates.ts";

const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** Hours of the day in UTC, over midnight when they end before they start. */
export interface DailyHours {
  readonly fromMs: number;
  readonly toMs: number;
  /** Monday to Friday by UTC only. */
  readonly weekdaysOnly?: boolean | undefined;
}

/** When a price holds; always, where nothing is said. All that is said must be true. */
export interface PriceCondition {
  readonly fromMs?: number | undefined;
  /** The first moment at which it no longer holds. */
  readonly untilMs?: number | undefined;
  readonly daily?: DailyHours | undefined;
}

/** What a price says of itself. */
export type PriceOrigin = Pick<
  CallCost,
  "pricedModel" | "match" | "catalogueVersion" | "catalogueDate"
> & { readonly priceSource: "override" | "catalogue" | "fallback" };

export interface ScheduledPrice {
  readonly condition: PriceCondition;
  /** `undefined`: from now on there is no price. */
  readonly table: PriceTable | undefined;
  readonly origin: PriceOrigin;
  /** True when something is known to cost more than the table says. */
  readonly understated?: boolean | undefined;
}

/** Prices by rank: the last whose condition holds is in force. */
export type PriceSchedule = readonly ScheduledPrice[];

const TIME_OF_DAY = /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds after midnight UTC; NaN, which no time is within, for another notation. */
export function parseTimeOfDay(text: string): number {
  const found = TIME_OF_DAY.exec(text);
  if (found === null) return Number.NaN;
  const [, hours, minutes, seconds, sign, offsetHours = "0", offsetMinutes = "0"] = found;
  const localMs = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000;
  const offsetMs = Number(offsetHours) * 3_600_000 + Number(offsetMinutes) * 60_000;
  return modulo(localMs + (sign === "-" ? offsetMs : -offsetMs), DAY_MS);
}

/** The catalogue's condition. */
export function readCondition(constraint: ConditionalPrice["constraint"]): PriceCondition {
  if (constraint === undefined) return {};
  if (constraint.type === "start_date") return { fromMs: Date.parse(constraint.start_date) };
  return {
    daily: {
      fromMs: parseTimeOfDay(constraint.start_time),
      toMs: parseTimeOfDay(constraint.end_time),
    },
  };
}

/** Both conditions in one; of two daily ones the second. */
export function bothConditions(a: PriceCondition, b: PriceCondition): PriceCondition {
  return {
    fromMs: latest(a.fromMs, b.fromMs),
    untilMs: earliest(a.untilMs, b.untilMs),
    daily: b.daily ?? a.daily,
  };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function holds({ fromMs, untilMs, daily }: PriceCondition, timeMs: number): boolean {
  if (fromMs !== undefined && !(timeMs >= fromMs)) return false;
  if (untilMs !== undefined && !(timeMs < untilMs)) return false;
  return daily === undefined || isWithin(daily, timeMs);
}

function isWithin({ fromMs, toMs, weekdaysOnly }: DailyHours, timeMs: number): boolean {
  if (weekdaysOnly === true && isWeekend(timeMs)) return false;
  const ofDayMs = modulo(timeMs, DAY_MS);
  return toMs < fromMs ? ofDayMs >= fromMs || ofDayMs < toMs : ofDayMs >= fromMs && ofDayMs < toMs;
}

function isWeekend(timeMs: number): boolean {
  const weekday = modulo(Math.floor(timeMs / DAY_MS) + EPOCH_WEEKDAY, 7);
  return weekday === 0 || weekday === 6;
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}

/** The price in force at a time. */
export function priceAt(schedule: PriceSchedule, timeMs: number): ScheduledPrice | undefined {
  for (let index = schedule.length - 1; index >= 0; index--) {
    const entry = schedule[index];
    if (entry !== undefined && holds(entry.condition, timeMs)) return entry;
  }
  return undefined;
}
