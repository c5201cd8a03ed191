import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "@tollgate/core";

/** A {@link Clock} that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves time on by `deltaMs`, stopping at every sleep that falls due on the way, in the order of
   * their deadlines. What a sleeper does next has run, and may have slept again, before time goes on.
   */
  advance(deltaMs: number): Promise<void>;
  /** How many sleeps are still to come. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

/**
 * @param startMs - the first answer of `now()`, milliseconds since the epoch.
 * @defaultValue 2026-01-01T00:00:00Z
 */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsedMs = 0;
  const sleepers = new Set<Sleeper>();

  function nextDue(untilMs: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.dueMs <= untilMs && (!first || sleeper.dueMs < first.dueMs)) first = sleeper;
    }
    return first;
  }

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          dueMs: elapsedMs + Math.max(0, delayMs),
          wake() {
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    async advance(deltaMs) {
      if (!(deltaMs >= 0)) {
        throw new RangeError(`advance(${deltaMs}): time moves on by 0 ms or more`);
      }
      const untilMs = elapsedMs + deltaMs;
      // Code that is about to sleep must have got there before its deadline is looked for.
      await nextTurn();
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        sleepers.delete(due);
        elapsedMs = due.dueMs;
        due.wake();
        // oxlint-disable-next-line no-await-in-loop -- sleepers wake one after the other
        await nextTurn();
      }
      elapsedMs = untilMs;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}
