import { DAY_MS, HOUR_MS } from "../rollup/deltas.ts";

/** From inclusive, until exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A time cut into what each table answers exactly. */
export interface Pieces {
  /** Months since 1970. */
  readonly months: readonly Span[];
  /** Days since the epoch. */
  readonly days: readonly Span[];
  /** Hours since the epoch. */
  readonly hours: readonly Span[];
  /** Parts of hours, milliseconds: only events tell them. */
  readonly events: readonly Span[];
}

const NOTHING: Pieces = { months: [], days: [], hours: [], events: [] };
const FIRST_DAY = 0;
/** The year 2100: no event is later. */
const LAST_DAY = Math.ceil(Date.UTC(2100, 0, 2) / DAY_MS);

/**
 * Cuts a time into whole months, days and hours and the rest. An hour of which events are deleted cannot be cut: it counts
 * where it begins.
 */
export function cutTime(
  fromMs: number | undefined,
  untilMs: number | undefined,
  deletedBeforeMs: number,
): Pieces {
  const from = wholeHour(fromMs ?? FIRST_DAY * DAY_MS, deletedBeforeMs);
  const until = wholeHour(untilMs ?? LAST_DAY * DAY_MS, deletedBeforeMs);
  if (until <= from) return { ...NOTHING };
  const hours = { from: Math.ceil(from / HOUR_MS), until: Math.floor(until / HOUR_MS) };
  if (hours.from > hours.until) return { ...NOTHING, events: [{ from, until }] };
  const events = notEmpty([
    { from, until: hours.from * HOUR_MS },
    { from: hours.until * HOUR_MS, until },
  ]);
  const days = { from: Math.ceil(hours.from / 24), until: Math.floor(hours.until / 24) };
  if (days.from >= days.until) return { ...NOTHING, hours: notEmpty([hours]), events };
  const months = { from: firstMonthFrom(days.from), until: monthOf(days.until) };
  const hasMonths = months.from < months.until;
  return {
    months: hasMonths ? [months] : [],
    days: hasMonths
      ? notEmpty([
          { from: days.from, until: dayOfMonth(months.from) },
          { from: dayOfMonth(months.until), until: days.until },
        ])
      : [days],
    hours: notEmpty([
      { from: hours.from, until: days.from * 24 },
      { from: days.until * 24, until: hours.until },
    ]),
    events,
  };
}

/** The same where there are no sums by month. */
export function withoutMonths({ months, days, hours, events }: Pieces): Pieces {
  const ofMonths = months.map(({ from, until }) => ({
    from: dayOfMonth(from),
    until: dayOfMonth(until),
  }));
  return { months: [], days: [...days, ...ofMonths], hours, events };
}

/** The same where there are sums by hour only. */
export function withoutDays(pieces: Pieces): Pieces {
  const { days, hours, events } = withoutMonths(pieces);
  const ofDays = days.map(({ from, until }) => ({ from: from * 24, until: until * 24 }));
  return { months: [], days: [], hours: [...hours, ...ofDays], events };
}

/** Months since 1970. @param day - since the epoch */
export function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The first day of a month. */
function dayOfMonth(month: number): number {
  return Date.UTC(1970, month) / DAY_MS;
}

function firstMonthFrom(day: number): number {
  const month = monthOf(day);
  return dayOfMonth(month) === day ? month : month + 1;
}

function wholeHour(timeMs: number, deletedBeforeMs: number): number {
  const hourMs = Math.floor(timeMs / HOUR_MS) * HOUR_MS;
  return hourMs < deletedBeforeMs && hourMs < timeMs ? hourMs + HOUR_MS : timeMs;
}

function notEmpty(spans: readonly Span[]): Span[] {
  return spans.filter(({ from, until }) => from < until);
}
