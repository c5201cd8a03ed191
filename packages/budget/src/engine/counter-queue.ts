import type { Clock } from "@tollgate/core";
import { createFairLine, type FairLine } from "./fair-line.ts";
import type { Waiter } from "./waiter.ts";

/** Those who wait at one counter, and how their tries went. */
export interface Queue {
  readonly key: string;
  readonly line: FairLine<Waiter>;
  serving: boolean;
  again: boolean;
  /** Refused in a row. */
  tries: number;
  /** How many got in without an equal chance for other processes. */
  handedOn: number;
  /** Leaves to other processes what is given back. */
  pausing: boolean;
  /** Ends the sleep before the next try. */
  alarm: AbortController;
}

/** What the time of the next try depends on. */
export interface Trying {
  readonly clock: Clock;
  /** @returns a number from 0 up to 1. */
  readonly random: () => number;
  /** Other processes take from the counters too, and do not say what they give back. */
  readonly shared: boolean;
}

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** Of a line that nobody tells what other processes give back; and how long it leaves room to them. */
const LONGEST_SHARED_BACKOFF_MS = 2_000;
/** How many may follow each other before a line leaves room to those of other processes. */
export const HANDED_ON_AT_MOST = 4;

export function createQueue(key: string): Queue {
  return {
    key,
    line: createFairLine(),
    serving: false,
    again: false,
    tries: 0,
    handedOn: 0,
    pausing: false,
    alarm: new AbortController(),
  };
}

/**
 * Until the first in line tries again: exponential backoff with full jitter, so that callers that were refused
 * together come back apart, or the window's reset where that is sooner.
 */
export function nextTryMs(
  { tries, pausing }: Queue,
  { refused }: Waiter,
  { clock, random, shared }: Trying,
): number {
  if (pausing) return Math.max(1, random() * LONGEST_SHARED_BACKOFF_MS);
  const longestMs = shared ? LONGEST_SHARED_BACKOFF_MS : LONGEST_BACKOFF_MS;
  const backoffMs = random() * Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** tries);
  const { resetsAtMs = Number.POSITIVE_INFINITY } = refused.refusal;
  const resetMs = resetsAtMs - clock.now();
  return Math.min(Math.max(1, backoffMs), resetMs > 0 ? resetMs : Number.POSITIVE_INFINITY);
}
