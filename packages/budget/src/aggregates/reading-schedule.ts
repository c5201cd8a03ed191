import type { Clock } from "@tollgate/core";

/** When a source reads, in seconds, and for how long a reading counts. */
export interface ReadingTimes {
  readonly refreshSeconds: number;
  readonly maxAgeSeconds: number;
}

/** Readings at intervals of up to a tenth more or less, one at a time, that keep no process running. */
export interface ReadingSchedule {
  start(): void;
  close(): void;
}

/** @param read - never rejects. */
export function createReadingSchedule(
  refreshSeconds: number,
  random: () => number,
  read: () => Promise<void>,
): ReadingSchedule {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(run, refreshSeconds * 1_000 * (0.9 + 0.2 * random()));
    // Timers are numbers in some runtimes.
    if (typeof timer === "object") timer.unref();
  }

  function run(): void {
    void read().then(schedule);
  }

  return {
    start: run,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Whether a reading is too old to decide on. */
export function isStale(readAtMs: number, { maxAgeSeconds }: ReadingTimes, clock: Clock): boolean {
  return clock.monotonic() - readAtMs > maxAgeSeconds * 1_000;
}
