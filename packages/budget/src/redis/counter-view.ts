import type { CounterState } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import { bucketLeavesAtMs, oldestBucketIndex, type RollingWindow } from "../window/rolling.ts";
import { TOTAL_WINDOW } from "../window/window.ts";
import { parseCounter } from "./counter-json.ts";

/** A counter's hash, as `scripts/prelude.ts` describes it. */
export type CounterFields = ReadonlyMap<string, string>;

/** How long a counter that has become empty is still shown, as the memory store does. */
const SHOWN_EMPTY_MS = 3_600_000;

/** @throws Error when this is no list of names and values. */
export function readFields(reply: unknown): CounterFields {
  if (!Array.isArray(reply)) throw new Error("Redis answered no hash where one belongs");
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < reply.length; at += 2)
    fields.set(String(reply[at]), String(reply[at + 1]));
  return fields;
}

/** The counter in the window of now. @returns `undefined` when there is nothing left to see of it. */
export function viewCounter(fields: CounterFields, nowMs: number): CounterState | undefined {
  const counter = parseCounter(fields.get("j") ?? "");
  const { window } = counter;
  const idleMs = nowMs - number(fields, "t");
  if (idleMs >= SHOWN_EMPTY_MS && isOver(fields, window, idleMs, nowMs)) return undefined;
  const show = (amounts: Amounts, startMs: number, endMs: number): CounterState => ({
    counter,
    ...amounts,
    windowStartMs: finite(startMs),
    windowEndMs: finite(endMs),
  });
  switch (window.kind) {
    case "calendar": {
      const { startMs, endMs } = calendarWindow(window.period, window.timezone, nowMs);
      return show(amountsIn(fields, startMs), startMs, endMs);
    }
    case "rolling": {
      const oldest = oldestBucketIndex(window, nowMs);
      const startMs = bucketLeavesAtMs(window, oldest - window.buckets - 1);
      return show(amountsSince(fields, oldest), startMs, bucketLeavesAtMs(window, oldest));
    }
    case "task": {
      const isOpen = number(fields, "o") > 0;
      const endMs = isOpen ? nowMs + window.idleMs : number(fields, "e");
      if (endMs <= nowMs) return show(NOTHING, nowMs, nowMs + window.idleMs);
      const startMs = number(fields, "w");
      return show(amountsIn(fields, startMs), startMs, endMs);
    }
    default:
      return show(amountsIn(fields, 0), TOTAL_WINDOW.startMs, TOTAL_WINDOW.endMs);
  }
}

interface Amounts {
  readonly spent: number;
  readonly reserved: number;
}

const NOTHING: Amounts = { spent: 0, reserved: 0 };

function amountsIn(fields: CounterFields, startMs: number): Amounts {
  if (fields.get("w") === String(startMs)) {
    return { spent: number(fields, "s"), reserved: number(fields, "r") };
  }
  if (fields.get("pw") === String(startMs)) {
    return { spent: number(fields, "ps"), reserved: number(fields, "pr") };
  }
  return NOTHING;
}

function amountsSince(fields: CounterFields, oldest: number): Amounts {
  let spent = 0;
  let reserved = 0;
  for (let index = Math.max(oldest, number(fields, "f")); index <= number(fields, "b"); index++) {
    spent += number(fields, `${index}s`);
    reserved += number(fields, `${index}r`);
  }
  return { spent, reserved };
}

function isOver(
  fields: CounterFields,
  window: { readonly kind: string } | RollingWindow,
  idleMs: number,
  nowMs: number,
): boolean {
  if (number(fields, "r") > 0 || number(fields, "o") > 0) return false;
  if (number(fields, "s") === 0 && number(fields, "n") === 0) return true;
  if ("durationMs" in window) return idleMs >= 2 * window.durationMs + SHOWN_EMPTY_MS;
  const endMs = number(fields, "e");
  return endMs >= 0 && nowMs - endMs >= SHOWN_EMPTY_MS;
}

function number(fields: CounterFields, name: string): number {
  return Number(fields.get(name) ?? 0);
}

function finite(timeMs: number): number | undefined {
  return Number.isFinite(timeMs) ? timeMs : undefined;
}
