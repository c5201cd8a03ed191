import type { Counter, CounterState } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import { TOTAL_WINDOW, type TimeWindow, type Window } from "../window/window.ts";
import { expireBuckets, freedAtMs, openBucket, type Bucket } from "./rolling-buckets.ts";
import { createTally, type Slot, type Tally } from "./slot.ts";

/** A counter and its current window. Leases keep the windows that have ended, as long as they need them. */
export interface CounterRecord {
  counter: Counter;
  tally: Tally;
  /** The window before, for a clock that steps back over the boundary. */
  previous: Tally | undefined;
  /** Rolling windows only. */
  readonly buckets: Bucket[];
}

export function createCounterRecord(counter: Counter): CounterRecord {
  const tally = createTally(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY);
  return { counter, tally, previous: undefined, buckets: [] };
}

/** A copy that windows can be opened in without a trace. */
export function copyRecord(record: CounterRecord, counter: Counter): CounterRecord {
  return {
    counter,
    tally: { ...record.tally },
    previous: record.previous && { ...record.previous },
    buckets: record.buckets.map((bucket) => ({ ...bucket })),
  };
}

/**
 * Goes on with the alert amounts of another policy of the counter: what has been told is told, up to the same
 * share of the limit.
 */
export function changeAlerts(
  { counter: before, tally }: Pick<CounterRecord, "counter" | "tally">,
  after: Counter,
): void {
  const told = percentAt(before, tally.reported - 1);
  if (told === undefined) return;
  tally.reported = after.alertAmounts.filter(
    (_, index) => (percentAt(after, index) ?? 0) <= told,
  ).length;
}

/** Which share of the limit an alert amount of a counter is. */
export function percentAt({ alertAmounts, limit }: Counter, index: number): number | undefined {
  const amount = alertAmounts[index];
  return amount === undefined ? undefined : Math.floor((100 * amount) / limit);
}

/** Moves the counter to the window of now. @returns the slot that a hold made now belongs to. */
export function openSlot(record: CounterRecord, nowMs: number): Slot {
  const slot = slotAt(record, nowMs);
  noteUse(record.counter, record.tally, nowMs);
  return slot;
}

/** Asking for a call and ending one keep a task's window going. */
export function noteUse({ window }: Counter, tally: Tally, nowMs: number): void {
  tally.usedAtMs = nowMs;
  if (window.kind === "task") tally.endMs = nowMs + window.idleMs;
}

function slotAt(record: CounterRecord, nowMs: number): Slot {
  const { window } = record.counter;
  if (window.kind === "rolling") {
    return openBucket(record.buckets, record.tally, record.counter, window, nowMs);
  }
  if (window.kind === "task") {
    if (isTaskOver(record.tally, nowMs)) moveTo(record, { startMs: nowMs, endMs: nowMs });
    return record.tally;
  }
  const { tally } = record;
  if (tally.startMs <= nowMs && nowMs < tally.endMs) return tally;
  return moveTo(record, fixedWindow(window, nowMs));
}

function moveTo(record: CounterRecord, { startMs, endMs }: Omit<TimeWindow, "key">): Tally {
  const { tally, previous } = record;
  record.tally = previous?.startMs === startMs ? previous : createTally(startMs, endMs);
  record.previous = tally.endMs === Number.NEGATIVE_INFINITY ? undefined : tally;
  return record.tally;
}

export function fixedWindow(window: Window, nowMs: number): TimeWindow {
  return window.kind === "calendar"
    ? calendarWindow(window.period, window.timezone, nowMs)
    : TOTAL_WINDOW;
}

export function isTaskOver(tally: Tally, nowMs: number): boolean {
  return tally.open === 0 && tally.endMs <= nowMs;
}

/** When time alone will have taken `excess` out of the window that {@link openSlot} has opened. */
export function resetsAtMs(
  { counter, tally, buckets }: CounterRecord,
  excess: number,
): number | undefined {
  const { window } = counter;
  if (window.kind === "calendar") return tally.endMs;
  return window.kind === "rolling" ? freedAtMs(buckets, window, excess) : undefined;
}

/** The counter in the window of now, which may be one that nothing has been written to. */
export function stateOf(record: CounterRecord, nowMs: number): CounterState {
  const { counter, tally, buckets } = record;
  const { window } = counter;
  if (window.kind === "rolling") {
    expireBuckets(buckets, tally, counter, window, nowMs);
    return describe(counter, tally);
  }
  if (window.kind === "task") {
    const endMs = nowMs + window.idleMs;
    if (isTaskOver(tally, nowMs)) return describe(counter, createTally(nowMs, endMs));
    return describe(counter, tally.open > 0 ? { ...tally, endMs } : tally);
  }
  const { startMs, endMs } = fixedWindow(window, nowMs);
  const current = [tally, record.previous].find((one) => one?.startMs === startMs);
  return describe(counter, current ?? createTally(startMs, endMs));
}

function describe(counter: Counter, tally: Tally): CounterState {
  return {
    counter,
    spent: tally.spent,
    reserved: tally.reserved,
    extra: tally.extra,
    windowStartMs: finite(tally.startMs),
    windowEndMs: finite(tally.endMs),
  };
}

export function finite(timeMs: number): number | undefined {
  return Number.isFinite(timeMs) ? timeMs : undefined;
}

/** How long a counter that has become empty still shows 0, so that no gauge stays at what it was before. */
const SHOWN_EMPTY_MS = 3_600_000;

/** Whether nothing is lost with the record, and every reader had time to see that it is empty. */
export function isForgettable({ counter, tally }: CounterRecord, nowMs: number): boolean {
  if (tally.leases > 0 || nowMs - tally.usedAtMs < SHOWN_EMPTY_MS) return false;
  if (tally.spent === 0 && tally.reported === 0 && tally.extra === 0) return true;
  const { window } = counter;
  if (window.kind === "rolling") {
    return nowMs - tally.usedAtMs >= 2 * window.durationMs + SHOWN_EMPTY_MS;
  }
  return nowMs - tally.endMs >= SHOWN_EMPTY_MS;
}
