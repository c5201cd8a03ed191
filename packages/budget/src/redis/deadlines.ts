/** Ends waiting for answers that do not come. */
export interface Deadlines {
  /** Rejects with `TimeoutError` when the answer takes too long; it may still take effect. */
  within<Value>(answer: Promise<Value>): Promise<Value>;
  /** How many answers are awaited. */
  readonly waiting: number;
}

interface Awaited {
  readonly atMs: number;
  settled: boolean;
  readonly give: () => void;
}

/**
 * All have the same time, so the one that was asked first is over first: one timer does for all.
 *
 * @param onBusy - hears when something is awaited, and when nothing is any more.
 */
export function createDeadlines(timeoutMs: number, onBusy: (busy: boolean) => void): Deadlines {
  let queue: Awaited[] = [];
  let waiting = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function start(): void {
    const first = queue[0];
    if (first === undefined) return;
    timer = setTimeout(look, Math.max(1, first.atMs - performance.now()));
    // The connection itself keeps the process while an answer may come.
    timer.unref();
  }

  function look(): void {
    timer = undefined;
    const nowMs = performance.now();
    const index = queue.findIndex(({ atMs, settled }) => !settled && atMs > nowMs);
    const over = index < 0 ? queue : queue.slice(0, index);
    queue = index < 0 ? [] : queue.slice(index);
    for (const one of over) if (!one.settled) one.give();
    start();
  }

  return {
    get waiting() {
      return waiting;
    },
    within: (answer) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void): void => {
          if (entry.settled) return;
          entry.settled = true;
          if (--waiting === 0) onBusy(false);
          finish();
        };
        const entry: Awaited = {
          atMs: performance.now() + timeoutMs,
          settled: false,
          give: () => settle(() => reject(timeoutError(timeoutMs))),
        };
        queue.push(entry);
        if (++waiting === 1) onBusy(true);
        if (timer === undefined) start();
        answer.then(
          (value) => settle(() => resolve(value)),
          (error: unknown) => settle(() => reject(error)),
        );
      }),
  };
}

function timeoutError(timeoutMs: number): Error {
  return new DOMException(`Redis did not answer within ${timeoutMs} ms`, "TimeoutError");
}
