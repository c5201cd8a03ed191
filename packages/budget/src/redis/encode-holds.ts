import type { Counter, Hold, HoldCheck } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import { bucketWidthMs } from "../window/rolling.ts";
import type { Window } from "../window/window.ts";

/** Writes holds down for the reserving script. */
export type HoldEncoder = (holds: readonly Hold[], nowMs: number) => string;

const CHECKS: Readonly<Record<HoldCheck, number>> = { fit: 0, unspent: 1, never: 2 };

/** A calendar window and the next one, as the script takes them. */
interface Cut {
  readonly startMs: number;
  /** When the next one starts. */
  readonly nextMs: number;
  readonly text: string;
}

/**
 * Lua knows no time zones, so each hold says when its window and the next one begin and end; the script
 * picks by its server's time.
 */
export function createHoldEncoder(): HoldEncoder {
  const cuts = new Map<string, Cut>();
  /** What of a counter does not change with time; the engine keeps its counters. */
  const fixed = new WeakMap<Counter, string>();

  function cutOf(window: Extract<Window, { kind: "calendar" }>, nowMs: number): string {
    const { period, timezone } = window;
    const key = `${period}@${timezone}`;
    let cut = cuts.get(key);
    if (cut === undefined || nowMs < cut.startMs || nowMs >= cut.nextMs) {
      const { startMs, endMs } = calendarWindow(period, timezone, nowMs);
      const next = calendarWindow(period, timezone, endMs);
      cut = { startMs, nextMs: endMs, text: `0,${startMs},${endMs},${next.endMs}` };
      cuts.set(key, cut);
    }
    return cut.text;
  }

  function windowOf(counter: Counter, nowMs: number): string {
    if (counter.window.kind === "calendar") return cutOf(counter.window, nowMs);
    let text = fixed.get(counter);
    if (text === undefined) {
      text = timelessText(counter.window);
      fixed.set(counter, text);
    }
    return text;
  }

  return (holds, nowMs) => {
    let text = "[";
    const windows: string[] = [];
    for (const { counter, amount, check } of holds) {
      if (!isCountable(amount) || !isCountable(counter.limit)) {
        throw new RangeError(`budget ${counter.budget}: amounts are whole, from 0 to 2^53 - 1`);
      }
      const window = windowOf(counter, nowMs);
      let place = windows.indexOf(window);
      if (place < 0) place = windows.push(window) - 1;
      text += `${amount},${counter.limit},${place * 4 + CHECKS[check]},`;
    }
    return `${text}${windows.join(",")}]`;
  };
}

/** @throws RangeError when one is not whole or too large for what Lua counts exactly. */
export function encodeAmounts(amounts: readonly number[]): string {
  if (!amounts.every(isCountable)) {
    throw new RangeError("amounts are whole, from 0 to 2^53 - 1");
  }
  return `[${amounts.join(",")}]`;
}

function isCountable(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 0;
}

function timelessText(window: Exclude<Window, { kind: "calendar" }>): string {
  switch (window.kind) {
    case "rolling":
      return `3,${bucketWidthMs(window)},${window.buckets},0`;
    case "task":
      return `2,${window.idleMs},0,0`;
    default:
      return "1,0,0,0";
  }
}
