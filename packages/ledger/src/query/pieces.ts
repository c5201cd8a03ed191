import { DAY_MS, HOUR_MS } from "../rollup/deltas.ts";

/** From inclusive, until exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A time cut into what each table answers exactly. */
export interface Pieces {
  /** Days since the epoch. */
  readonly days: readonly Span[];
  /** Hours since the epoch. */
  readonly hours: readonly Span[];
  /** Parts of hours, milliseconds: only events tell them. */
  readonly events: readonly Span[];
}

const FIRST_DAY = 0;
/** The year 2100: no event is later. */
const LAST_DAY = Math.ceil(Date.UTC(2100, 0, 2) / DAY_MS);

/**
 * Cuts a time into whole days, whole hours and the rest. An hour of which events are deleted cannot be cut: it counts
 * where it begins.
 */
export function cutTime(
  fromMs: number | undefined,
  untilMs: number | undefined,
  deletedBeforeMs: number,
): Pieces {
  const from = wholeHour(fromMs ?? FIRST_DAY * DAY_MS, deletedBeforeMs);
  const until = wholeHour(untilMs ?? LAST_DAY * DAY_MS, deletedBeforeMs);
  if (until <= from) return { days: [], hours: [], events: [] };
  const hours = { from: Math.ceil(from / HOUR_MS), until: Math.floor(until / HOUR_MS) };
  if (hours.from > hours.until) return { days: [], hours: [], events: [{ from, until }] };
  const events = notEmpty([
    { from, until: hours.from * HOUR_MS },
    { from: hours.until * HOUR_MS, until },
  ]);
  const days = { from: Math.ceil(hours.from / 24), until: Math.floor(hours.until / 24) };
  if (days.from >= days.until) return { days: [], hours: notEmpty([hours]), events };
  return {
    days: [days],
    hours: notEmpty([
      { from: hours.from, until: days.from * 24 },
      { from: days.until * 24, until: hours.until },
    ]),
    events,
  };
}

/** The same where there are no sums by day. */
export function withoutDays({ days, hours, events }: Pieces): Pieces {
  const ofDays = days.map(({ from, until }) => ({ from: from * 24, until: until * 24 }));
  return { days: [], hours: [...hours, ...ofDays], events };
}

function wholeHour(timeMs: number, deletedBeforeMs: number): number {
  const hourMs = Math.floor(timeMs / HOUR_MS) * HOUR_MS;
  return hourMs < deletedBeforeMs && hourMs < timeMs ? hourMs + HOUR_MS : timeMs;
}

function notEmpty(spans: readonly Span[]): Span[] {
  return spans.filter(({ from, until }) => from < until);
}
