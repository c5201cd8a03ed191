/** Ends waiting for answers that do not come. */
export interface Deadlines {
  /** Rejects with `TimeoutError` when the answer takes too long; it may still take effect. */
  within<Value>(answer: Promise<Value>): Promise<Value>;
  /** How many answers are awaited. */
  readonly waiting: number;
}

interface Awaited {
  readonly atMs: number;
  readonly reject: (error: unknown) => void;
}

/**
 * All have the same time, so the one that was asked first is over first: one timer does for all.
 *
 * @param onBusy - hears when something is awaited, and when nothing is any more.
 */
export function createDeadlines(timeoutMs: number, onBusy: (busy: boolean) => void): Deadlines {
  // In the order they were asked. What is answered leaves at once: kept for the whole time, it would be moved to the
  // old generation, whose collection stops everything for milliseconds.
  const awaited = new Set<Awaited>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function start(first: Awaited): void {
    timer = setTimeout(look, Math.max(1, first.atMs - performance.now()));
    // The connection itself keeps the process while an answer may come.
    timer.unref();
  }

  function look(): void {
    timer = undefined;
    const nowMs = performance.now();
    for (const one of awaited) {
      if (one.atMs > nowMs) {
        start(one);
        return;
      }
      if (settled(one)) one.reject(timeoutError(timeoutMs));
    }
  }

  /** @returns whether it was awaited until now. */
  function settled(one: Awaited): boolean {
    if (!awaited.delete(one)) return false;
    if (awaited.size === 0) onBusy(false);
    return true;
  }

  return {
    get waiting() {
      return awaited.size;
    },
    within: (answer) =>
      new Promise((resolve, reject) => {
        const one: Awaited = { atMs: performance.now() + timeoutMs, reject };
        awaited.add(one);
        if (awaited.size === 1) onBusy(true);
        if (timer === undefined) start(one);
        answer.then(
          (value) => (settled(one) ? resolve(value) : undefined),
          (error: unknown) => (settled(one) ? reject(error) : undefined),
        );
      }),
  };
}

function timeoutError(timeoutMs: number): Error {
  return new DOMException(`Redis did not answer within ${timeoutMs} ms`, "TimeoutError");
}
