import { diag } from "@opentelemetry/api";

/** The end of a lease that Redis has not confirmed. */
export interface PendingEnd {
  readonly leaseId: string;
  /** In the order of the lease's holds; `undefined` releases. */
  readonly amounts: readonly number[] | undefined;
}

/** Ends that wait until Redis is back. Each is sent until it is confirmed; Redis counts the first. */
export interface PendingEnds {
  add(end: PendingEnd): void;
  has(leaseId: string): boolean;
  /** Sends what waits, now. */
  flush(): Promise<void>;
  /** Sends what waits a last time and gives up what cannot be sent. */
  close(): Promise<readonly PendingEnd[]>;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
const AT_ONCE = 100;

/**
 * @param most - how many may wait; what comes then is charged as held.
 * @param send - rejects while Redis is away.
 */
export function createPendingEnds(
  most: number,
  send: (end: PendingEnd) => Promise<void>,
): PendingEnds {
  const waiting = new Map<string, PendingEnd>();
  let flushing: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let closed = false;

  function retryLater(): void {
    if (timer !== undefined || closed || waiting.size === 0) return;
    const delayMs = Math.random() * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries++);
    timer = setTimeout(
      () => {
        timer = undefined;
        void flush();
      },
      FIRST_RETRY_MS / 2 + delayMs,
    );
    timer.unref();
  }

  async function sendAll(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, AT_ONCE);
      // oxlint-disable-next-line no-await-in-loop -- a whole outage at once would be too much
      const sent = await Promise.allSettled(batch.map((end) => send(end)));
      for (const [index, { status }] of sent.entries()) {
        const end = batch[index];
        if (status === "fulfilled" && end !== undefined) waiting.delete(end.leaseId);
      }
      if (sent.some(({ status }) => status === "rejected")) return;
    }
    tries = 0;
  }

  function flush(): Promise<void> {
    flushing ??= sendAll().finally(() => {
      flushing = undefined;
      retryLater();
    });
    return flushing;
  }

  return {
    add(end) {
      if (waiting.has(end.leaseId)) return;
      if (waiting.size >= most) {
        diag.warn(`tollgate: ${most} ends of calls wait for Redis; another is charged as held`);
        return;
      }
      waiting.set(end.leaseId, end);
      retryLater();
    },
    has: (leaseId) => waiting.has(leaseId),
    flush,
    async close() {
      closed = true;
      clearTimeout(timer);
      await flush();
      return [...waiting.values()];
    },
  };
}
