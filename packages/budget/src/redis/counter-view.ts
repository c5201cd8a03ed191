import type { CounterState } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import { bucketLeavesAtMs, oldestBucketIndex } from "../window/rolling.ts";
import type { Window } from "../window/window.ts";
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
  const idleMs = nowMs - number(fields, "t");
  if (idleMs >= SHOWN_EMPTY_MS && isOver(fields, counter.window, idleMs, nowMs)) return undefined;
  return { counter, ...viewWindow(fields, counter.window, nowMs) };
}

/** A window of a counter, which may be one that nothing was written to. */
export function viewWindow(
  fields: CounterFields,
  window: Window,
  nowMs: number,
): Omit<CounterState, "counter"> {
  switch (window.kind) {
    case "calendar": {
      const { startMs, endMs } = calendarWindow(window.period, window.timezone, nowMs);
      return { ...amountsIn(fields, startMs), windowStartMs: startMs, windowEndMs: endMs };
    }
    case "rolling": {
      const oldest = oldestBucketIndex(window, nowMs);
      return {
        ...addUp(bucketsSince(fields, oldest)),
        windowStartMs: bucketLeavesAtMs(window, oldest - window.buckets - 1),
        windowEndMs: bucketLeavesAtMs(window, oldest),
      };
    }
    case "task": {
      const isOpen = number(fields, "o") > 0;
      const endMs = isOpen ? nowMs + window.idleMs : number(fields, "e");
      if (endMs <= nowMs) {
        return { ...NOTHING, windowStartMs: nowMs, windowEndMs: nowMs + window.idleMs };
      }
      const startMs = number(fields, "w");
      return { ...amountsIn(fields, startMs), windowStartMs: startMs, windowEndMs: endMs };
    }
    default:
      return { ...amountsIn(fields, 0), windowStartMs: undefined, windowEndMs: undefined };
  }
}

interface Amounts {
  readonly spent: number;
  readonly reserved: number;
  readonly extra: number;
}

const NOTHING: Amounts = { spent: 0, reserved: 0, extra: 0 };

function amountsIn(fields: CounterFields, startMs: number): Amounts {
  for (const before of ["", "p"]) {
    if (fields.get(`${before}w`) !== String(startMs)) continue;
    return {
      spent: number(fields, `${before}s`),
      reserved: number(fields, `${before}r`),
      extra: number(fields, `${before}q`),
    };
  }
  return NOTHING;
}

interface BucketView extends Amounts {
  readonly index: number;
}

/** The buckets that count, oldest first. */
export function bucketsSince(fields: CounterFields, oldest: number): BucketView[] {
  const buckets: BucketView[] = [];
  for (let index = Math.max(oldest, number(fields, "f")); index <= number(fields, "b"); index++) {
    buckets.push({
      index,
      spent: number(fields, `${index}s`),
      reserved: number(fields, `${index}r`),
      extra: number(fields, `${index}q`),
    });
  }
  return buckets;
}

function addUp(buckets: readonly Amounts[]): Amounts {
  const sum = { spent: 0, reserved: 0, extra: 0 };
  for (const { spent, reserved, extra } of buckets) {
    sum.spent += spent;
    sum.reserved += reserved;
    sum.extra += extra;
  }
  return sum;
}

function isOver(fields: CounterFields, window: Window, idleMs: number, nowMs: number): boolean {
  if (number(fields, "r") > 0 || number(fields, "o") > 0) return false;
  if (["s", "n", "q"].every((name) => number(fields, name) === 0)) return true;
  if (window.kind === "rolling") return idleMs >= 2 * window.durationMs + SHOWN_EMPTY_MS;
  const endMs = number(fields, "e");
  return endMs >= 0 && nowMs - endMs >= SHOWN_EMPTY_MS;
}

function number(fields: CounterFields, name: string): number {
  return Number(fields.get(name) ?? 0);
}
