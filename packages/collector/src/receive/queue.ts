import { ANONYMOUS } from "./caller.ts";
import type { ReceiverLimits } from "./limits.ts";

/** The room one request takes up. */
export interface Ticket {
  /**
   * Says that the request holds so many bytes by now; it never shrinks.
   *
   * @returns whether there is room for them; if not, the ticket holds what it held
   */
  hold(bytes: number): boolean;
  /** Gives the room back, once. */
  release(): void;
}

/** Requests that are taken in but not yet answered, and their bytes. Nobody waits in it: who has no room is sent away. */
export interface Queue {
  /** @returns `undefined` when there is no room */
  admit(callerId: string, bytes: number): Ticket | undefined;
  /** Whether a request of this size would be admitted now. */
  hasRoom(callerId: string, bytes: number): boolean;
  readonly bytes: number;
  readonly requests: number;
  /** Resolves as soon as it is empty. */
  whenEmpty(): Promise<void>;
}

interface Share {
  bytes: number;
  requests: number;
}

export function createQueue(
  limits: Pick<ReceiverLimits, "queueBytes" | "queueRequests" | "callerShare">,
): Queue {
  const { queueBytes, queueRequests, callerShare } = limits;
  const all: Share = { bytes: 0, requests: 0 };
  const shares = new Map<string, Share>();
  let waiting: (() => void)[] = [];

  function fits(callerId: string, own: Share, bytes: number, requests: number): boolean {
    if (all.bytes + bytes > queueBytes || all.requests + requests > queueRequests) return false;
    if (callerId === ANONYMOUS.id || own.requests + requests <= 1) return true;
    return (
      own.bytes + bytes <= queueBytes * callerShare &&
      own.requests + requests <= queueRequests * callerShare
    );
  }

  function release(callerId: string, own: Share, bytes: number): void {
    for (const share of [all, own]) {
      share.bytes -= bytes;
      share.requests--;
    }
    if (own.requests === 0) shares.delete(callerId);
    if (all.requests > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    admit(callerId, bytes) {
      const own = shares.get(callerId) ?? { bytes: 0, requests: 0 };
      if (!fits(callerId, own, bytes, 1)) return undefined;
      shares.set(callerId, own);
      for (const share of [all, own]) {
        share.bytes += bytes;
        share.requests++;
      }
      let held = bytes;
      let released = false;
      return {
        hold(wanted) {
          const more = wanted - held;
          if (more <= 0) return true;
          if (released || !fits(callerId, own, more, 0)) return false;
          for (const share of [all, own]) share.bytes += more;
          held = wanted;
          return true;
        },
        release() {
          if (released) return;
          released = true;
          release(callerId, own, held);
        },
      };
    },
    hasRoom: (callerId, bytes) =>
      fits(callerId, shares.get(callerId) ?? { bytes: 0, requests: 0 }, bytes, 1),
    get bytes() {
      return all.bytes;
    },
    get requests() {
      return all.requests;
    },
    whenEmpty: () =>
      all.requests === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push(resolve);
          }),
  };
}
