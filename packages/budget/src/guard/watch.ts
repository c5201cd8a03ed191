import { createBusyMinutes, type BusyMinutes } from "./busy-minutes.ts";
import type { Guard, RunawaySign } from "./guard-policy.ts";
import { createLastMinute } from "./last-minute.ts";

/** A call that looks like one of a runaway. */
export interface Suspicion {
  readonly sign: RunawaySign;
  readonly observed: number;
  readonly limit: number;
  /** When it may be over; `undefined` when time alone does not help. */
  readonly easesAtMs: number | undefined;
}

/** Follows one agent, task or whatever a guard tells apart. */
export interface Watch {
  /** Counts a call. */
  ask(guard: Guard, nowMs: number, fingerprint: string | undefined): Suspicion | undefined;
  /** What `ask` would say, without counting. */
  look(guard: Guard, nowMs: number, fingerprint: string | undefined): Suspicion | undefined;
  spend(nowMs: number, nanoUsd: number): void;
  /** Suspicious calls without a quiet minute between them. */
  readonly trips: number;
}

const MINUTE_MS = 60_000;
/** Minutes with calls, before acceleration is judged. */
const LEARNING_MINUTES = 20;
/**
 * Set by simulated fleets (`pnpm prove`): fewer cry wolf, more are late for a loop. Prices have a longer tail
 * than numbers of calls.
 */
const DEVIATIONS_OF_CALLS = 7;
const DEVIATIONS_OF_SPEND = 14;

export function createWatch(): Watch {
  const recent = createLastMinute();
  const usual = {
    calls: createBusyMinutes(DEVIATIONS_OF_CALLS, () => 1),
    nanoUsd: createBusyMinutes(DEVIATIONS_OF_SPEND, meanPrice),
  };
  let minute = createMinute(0);
  let fingerprint: string | undefined;
  let repeated = 0;
  let lastAskedMs = Number.NEGATIVE_INFINITY;
  let lastTripMs = Number.NEGATIVE_INFINITY;
  let trips = 0;

  function meanPrice(): number {
    return usual.calls.mean > 0 ? usual.nanoUsd.mean / usual.calls.mean : 0;
  }

  /** Learns from minutes that are over, but not from those of a runaway. */
  function turn(nowMs: number): void {
    const number = Math.floor(nowMs / MINUTE_MS);
    if (number === minute.number) return;
    if (minute.calls > 0 && !minute.suspicious) {
      usual.calls.observe(minute.calls);
      usual.nanoUsd.observe(minute.nanoUsd);
    }
    minute = createMinute(number);
  }

  function judge(
    { callsPerMinute, identicalInARow, acceleration }: Guard,
    nowMs: number,
    calls: number,
    inARow: number,
  ): Suspicion | undefined {
    if (identicalInARow !== undefined && inARow >= identicalInARow) {
      const over = { observed: inARow, limit: identicalInARow, easesAtMs: undefined };
      return { sign: "identical_in_a_row", ...over };
    }
    if (callsPerMinute !== undefined && calls > callsPerMinute) {
      const over = { observed: calls, limit: callsPerMinute, easesAtMs: recent.easesAtMs(nowMs) };
      return { sign: "calls_per_minute", ...over };
    }
    if (acceleration === undefined || usual.calls.seen < LEARNING_MINUTES) return undefined;
    const times = Math.max(
      timesTooMuch(usual.calls, calls, acceleration),
      timesTooMuch(usual.nanoUsd, recent.nanoUsd, acceleration),
    );
    if (times === 0) return undefined;
    const over = { observed: times, limit: acceleration, easesAtMs: recent.easesAtMs(nowMs) };
    return { sign: "acceleration", ...over };
  }

  function rowWith(nowMs: number, asked: string | undefined): number {
    if (asked === undefined) return 0;
    return asked === fingerprint && nowMs - lastAskedMs < MINUTE_MS ? repeated + 1 : 1;
  }

  return {
    get trips() {
      return trips;
    },
    ask(guard, nowMs, asked) {
      turn(nowMs);
      repeated = rowWith(nowMs, asked);
      fingerprint = asked;
      lastAskedMs = nowMs;
      recent.add(nowMs, 1, 0);
      minute.calls++;
      if (nowMs - lastTripMs >= MINUTE_MS) trips = 0;
      const suspicion = judge(guard, nowMs, recent.calls, repeated);
      if (suspicion !== undefined) {
        minute.suspicious = true;
        lastTripMs = nowMs;
        trips++;
      }
      return suspicion;
    },
    look(guard, nowMs, asked) {
      recent.advance(nowMs);
      return judge(guard, nowMs, recent.calls + 1, rowWith(nowMs, asked));
    },
    spend(nowMs, nanoUsd) {
      turn(nowMs);
      recent.add(nowMs, 0, nanoUsd);
      minute.nanoUsd += nanoUsd;
    },
  };
}

interface Minute {
  readonly number: number;
  calls: number;
  nanoUsd: number;
  suspicious: boolean;
}

function createMinute(number: number): Minute {
  return { number, calls: 0, nanoUsd: 0, suspicious: false };
}

/** How many times the usual, when that is out of the ordinary; else 0. */
function timesTooMuch(usual: BusyMinutes, amount: number, factor: number): number {
  if (usual.mean <= 0 || amount <= usual.threshold(factor)) return 0;
  return amount / usual.mean;
}
