import type { Counter, Hold, HoldCheck } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import { bucketIndex, bucketWidthMs } from "../window/rolling.ts";
import type { Family } from "./family.ts";

/** A lease in the shared store that calls of this process draw on. Its amounts are its cells'. */
export interface Slice {
  readonly leaseId: string;
  /** Whose calls it was taken for; others draw on it too. */
  readonly family: Family;
  /** One for each of the counters it was taken for, in their order. */
  readonly cells: Cell[];
  /** Monotonic. */
  readonly takenAtMs: number;
  /** When its window, of a rolling one its bucket, is over. */
  readonly untilMs: number;
  /** Until when what is under way in it may be carried over to another slice. */
  readonly carriedUntilMs: number;
  /** Monotonic. */
  renewedAtMs: number;
  /** When a call last drew on it, monotonic. */
  drawnAtMs: number;
  /** Draws on it that have not ended. */
  open: number;
  /** It is being settled: no call draws on it any more. */
  closed: boolean;
}

/** A slice's part of one counter. */
export interface Cell {
  readonly slice: Slice;
  readonly pool: Pool;
  /** Whether it was taken as one that fits the limit; only then may such holds draw on it. */
  readonly fits: boolean;
  /** What calls may draw of it; less than in the shared store where a call has moved out. */
  held: number;
  reserved: number;
  spent: number;
}

/** What this process has of one counter, whatever calls it was taken for. */
export interface Pool {
  counter: Counter;
  /** The oldest first. */
  readonly cells: Cell[];
  /** `remaining` of the last answer about the counter. */
  remaining: number;
  /** When that was asked, monotonic. */
  askedAtMs: number;
  /** It was frozen when last asked, or an operator has changed something since: nobody draws on it. */
  barred: boolean;
}

/** What one hold of a call has drawn on one cell. */
export interface Portion {
  /** Which of the call's holds. */
  readonly index: number;
  cell: Cell;
  readonly amount: number;
}

/** Instants of one operation. */
export interface Moment {
  /** Milliseconds since the epoch: windows go by it. */
  readonly nowMs: number;
  /** Monotonic: ages go by it. */
  readonly monotonicMs: number;
}

/** Nothing is carried so close to the end of a calendar window: a server's clock may be ahead of ours. */
const CARRY_GUARD_MS = 2_000;

/** Negative when calls took more than they held. */
export function freeOf({ held, reserved, spent }: Cell): number {
  return held - reserved - spent;
}

/** What was spent that no hold in the shared store stands for. */
export function overdrawnOf(cell: Cell): number {
  return Math.max(0, -freeOf(cell));
}

export function isOpenFor(cell: Cell, check: HoldCheck, nowMs: number): boolean {
  const { closed, untilMs } = cell.slice;
  return !closed && nowMs < untilMs && (cell.fits || check !== "fit");
}

/** Until when holds that are taken now belong to one window, and to one bucket of those that roll. */
export function boundsOf(
  holds: readonly Hold[],
  nowMs: number,
): Pick<Slice, "untilMs" | "carriedUntilMs"> {
  let untilMs = Number.POSITIVE_INFINITY;
  let carriedUntilMs = Number.POSITIVE_INFINITY;
  for (const { counter } of holds) {
    const { window } = counter;
    if (window.kind === "calendar") {
      const { endMs } = calendarWindow(window.period, window.timezone, nowMs);
      untilMs = Math.min(untilMs, endMs);
      carriedUntilMs = Math.min(carriedUntilMs, endMs - CARRY_GUARD_MS);
    } else if (window.kind === "rolling") {
      // What is carried into a later bucket counts for longer, never for less.
      untilMs = Math.min(untilMs, (bucketIndex(window, nowMs) + 1) * bucketWidthMs(window));
    }
  }
  return { untilMs, carriedUntilMs };
}
