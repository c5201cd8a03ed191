import { diag } from "@opentelemetry/api";
import { atExit } from "../outbox/at-exit.ts";
import type { Outbox } from "../outbox/outbox.ts";

/** The end of a lease that Redis has not confirmed. */
export interface PendingEnd {
  readonly leaseId: string;
  /** In the order of the lease's holds; `undefined` releases. */
  readonly amounts: readonly number[] | undefined;
  /** The organization whose keys have the lease, where each has keys of its own. */
  readonly partition?: string | undefined;
}

/**
 * Ends that wait until Redis is back. Each is sent until it is confirmed; Redis counts the first. With an outbox they
 * wait on the disk, and in memory only until they are there, or when they cannot be.
 */
export interface PendingEnds {
  /** What is being sent is written down too when the process exits before the answer. */
  sending(end: PendingEnd): void;
  sent(end: PendingEnd): void;
  add(end: PendingEnd): void;
  has(leaseId: string, partition?: string): boolean;
  /** A lease was granted: if its id was used before, that one's end is not its own. */
  begun(leaseId: string, partition?: string): void;
  /** Sends what waits, now. */
  flush(): Promise<void>;
  /** Sends what waits a last time and gives up what can neither be sent nor written down. */
  close(): Promise<readonly PendingEnd[]>;
}

export interface PendingEndsOptions {
  /** How many may wait in memory; what comes then is charged as held. */
  readonly most: number;
  /** Rejects while Redis is away. */
  readonly send: (end: PendingEnd) => Promise<unknown>;
  readonly outbox: Outbox | undefined;
  /** Where that is, for messages. */
  readonly outboxPath: string | undefined;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
const AT_ONCE = 100;
/** So many come together on the disk as end in this time. */
const WRITE_AFTER_MS = 10;
/** How often another process's ends are looked for that it left behind. */
const LOOK_EVERY_MS = 60_000;

export function createPendingEnds(options: PendingEndsOptions): PendingEnds {
  const { most, outbox, outboxPath } = options;
  const waiting = new Map<string, PendingEnd>();
  /** Those on the disk, as far back as is remembered: the first end counts. */
  const written = new Set<string>();
  const underway = new Set<PendingEnd>();
  let flushing: Promise<void> | undefined;
  let writing: Promise<void> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let writeTimer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let closed = false;
  let mayReplay = outbox !== undefined;
  let diskFails = false;
  let isFull = false;

  async function send(end: PendingEnd): Promise<void> {
    await options.send(end);
    written.delete(keyOf(end));
  }

  function retryLater(): void {
    if (retryTimer !== undefined || closed || (waiting.size === 0 && !mayReplay)) return;
    const delayMs = Math.random() * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries++);
    retryTimer = setTimeout(
      () => {
        retryTimer = undefined;
        void flush();
      },
      FIRST_RETRY_MS / 2 + delayMs,
    );
    retryTimer.unref();
  }

  function writeLater(): void {
    if (outbox === undefined || writeTimer !== undefined || closed) return;
    writeTimer = setTimeout(() => {
      writeTimer = undefined;
      void writeDown();
    }, WRITE_AFTER_MS);
    writeTimer.unref();
  }

  /** One batch at a time. */
  function writeDown(): Promise<void> {
    writing ??= writeNow().finally(() => {
      writing = undefined;
      if (waiting.size > 0 && !diskFails) writeLater();
    });
    return writing;
  }

  async function writeNow(): Promise<void> {
    const batch = [...waiting];
    if (outbox === undefined || batch.length === 0) return;
    try {
      await outbox.append(batch.map(([, end]) => end));
    } catch (error) {
      diskFailed(error);
      return;
    }
    diskFails = false;
    mayReplay = true;
    for (const [key] of batch) {
      waiting.delete(key);
      remember(key);
    }
    retryLater();
  }

  function remember(key: string): void {
    written.add(key);
    if (written.size <= most) return;
    for (const oldest of written) {
      written.delete(oldest);
      return;
    }
  }

  function diskFailed(error: unknown): void {
    if (!diskFails) {
      diag.warn(
        `tollgate: the ends of calls cannot be written to ${outboxPath}; they wait in memory until Redis is back`,
        error,
      );
    }
    diskFails = true;
  }

  async function sendAll(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, AT_ONCE);
      // oxlint-disable-next-line no-await-in-loop -- a whole outage at once would be too much
      const sent = await Promise.allSettled(batch.map(([, end]) => send(end)));
      for (const [index, { status }] of sent.entries()) {
        const [key = ""] = batch[index] ?? [];
        if (status === "fulfilled") waiting.delete(key);
      }
      if (sent.some(({ status }) => status === "rejected")) {
        // The disk may have room again.
        writeLater();
        return;
      }
    }
    isFull = false;
    if (await replayed()) tries = 0;
  }

  async function replayed(): Promise<boolean> {
    if (outbox === undefined || !mayReplay) return true;
    mayReplay = false;
    try {
      await outbox.replay(send, AT_ONCE);
      return true;
    } catch (error) {
      diag.debug("tollgate: ends of calls wait on in the outbox", error);
      mayReplay = true;
      return false;
    }
  }

  function flush(): Promise<void> {
    flushing ??= sendAll().finally(() => {
      flushing = undefined;
      retryLater();
    });
    return flushing;
  }

  /** The disk is slower than calls end: they wait for it then. @returns whether there is room again */
  function putAllNow(): boolean {
    if (outbox === undefined || diskFails) return false;
    try {
      outbox.put([...waiting.values()]);
    } catch (error) {
      diskFailed(error);
      return false;
    }
    mayReplay = true;
    for (const key of waiting.keys()) remember(key);
    waiting.clear();
    return true;
  }

  function putAtExit(): void {
    const ends = [...underway, ...waiting.values()];
    if (outbox === undefined || ends.length === 0) return;
    try {
      outbox.put(ends);
    } catch (error) {
      diag.error(`tollgate: the ends of ${ends.length} calls could not be written`, error);
    }
  }

  const forgetExit = outbox && atExit(putAtExit);
  const look = outbox && setInterval(lookAround, LOOK_EVERY_MS);
  look?.unref();
  function lookAround(): void {
    mayReplay = true;
    retryLater();
  }
  retryLater();

  return {
    sending: (end) => void (outbox && underway.add(end)),
    sent: (end) => void (outbox && underway.delete(end)),
    add(end) {
      const key = keyOf(end);
      if (waiting.has(key) || written.has(key)) return;
      if (waiting.size >= most && !putAllNow()) {
        if (!isFull) {
          diag.warn(`tollgate: ${most} ends of calls wait for Redis; more are charged as held`);
        }
        isFull = true;
        return;
      }
      waiting.set(key, end);
      // What could not be written a moment ago is tried again with the next try to send.
      if (!diskFails) writeLater();
      retryLater();
    },
    has(leaseId, partition) {
      if (waiting.size === 0 && written.size === 0) return false;
      const key = keyOf({ leaseId, partition });
      return waiting.has(key) || written.has(key);
    },
    begun(leaseId, partition) {
      if (written.size > 0) written.delete(keyOf({ leaseId, partition }));
    },
    flush,
    async close() {
      closed = true;
      clearTimeout(retryTimer);
      clearTimeout(writeTimer);
      clearInterval(look);
      await flush();
      await writeDown();
      // A batch may have been under way already, without the last ones.
      await writeDown();
      forgetExit?.();
      return [...waiting.values()];
    },
  };
}

function keyOf({ leaseId, partition = "" }: Pick<PendingEnd, "leaseId" | "partition">): string {
  return `${partition}|${leaseId}`;
}
