import type { Clock } from "@tollgate/core";
import type { Counter } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import type { PlannedHold } from "./plan-holds.ts";

export interface Pace {
  /** The budget that asks for the longest delay. */
  readonly budget: string;
  readonly delayMs: number;
}

/** Spreads the calls of a throttled budget over the rest of its window. */
export interface Pacer {
  /** How long a call that was granted these holds should wait before it leaves, if at all. */
  pace(holds: readonly PlannedHold[], remaining: readonly number[]): Pace | undefined;
  /** Forgets when the next calls may leave; of one budget, or of all. */
  reset(budget: string | undefined): void;
}

/** Below this share of the limit calls go as they come. */
const PACE_ABOVE = 0.8;
const MAX_PACED = 10_000;

/**
 * Once more than 80 % of a calendar window's limit is taken, ahead of the window's time, calls leave
 * one per `hold ÷ (remaining ÷ time left)`, so that what is left lasts to the end. Pacing delays by
 * at most the policy's `maxWait` and never refuses. The other windows have no end to pace to.
 */
export function createPacer(clock: Clock): Pacer {
  /** When the next call of a counter may leave. */
  const nextAtMs = new Map<string, { readonly budget: string; readonly atMs: number }>();

  function delayOf(hold: PlannedHold, remaining: number, nowMs: number): number {
    const { counter, policy, amount } = hold;
    const { window, limit, key } = counter;
    if (window.kind !== "calendar" || amount === 0) return 0;
    const taken = (limit - remaining - amount) / limit;
    if (taken <= PACE_ABOVE) return 0;
    const { startMs, endMs } = calendarWindow(window.period, window.timezone, nowMs);
    if (taken <= (nowMs - startMs) / (endMs - startMs)) return 0;
    const intervalMs = (amount * (endMs - nowMs)) / Math.max(1, remaining + amount);
    const leavesAtMs = Math.max(nowMs, nextAtMs.get(key)?.atMs ?? nowMs);
    const delayMs = Math.min(leavesAtMs - nowMs, policy.maxWaitMs);
    remember(counter, nowMs + delayMs + intervalMs);
    return delayMs;
  }

  function remember({ key, budget }: Counter, atMs: number): void {
    nextAtMs.delete(key);
    for (const oldest of nextAtMs.keys()) {
      if (nextAtMs.size < MAX_PACED) break;
      nextAtMs.delete(oldest);
    }
    nextAtMs.set(key, { budget, atMs });
  }

  return {
    pace(holds, remaining) {
      let slowest: Pace | undefined;
      for (const [index, hold] of holds.entries()) {
        if (hold.policy.onExceed !== "throttle") continue;
        const delayMs = delayOf(hold, remaining[index] ?? 0, clock.now());
        if (delayMs > (slowest?.delayMs ?? 0)) slowest = { budget: hold.policy.id, delayMs };
      }
      return slowest;
    },
    reset(budget) {
      for (const [key, next] of nextAtMs) {
        if (budget === undefined || next.budget === budget) nextAtMs.delete(key);
      }
    },
  };
}
