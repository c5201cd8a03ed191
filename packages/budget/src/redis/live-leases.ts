import type { Hold } from "../store/store.ts";

/** A lease that this process was granted and has not ended. */
export interface LiveLease {
  readonly leaseId: string;
  readonly holds: readonly Hold[];
  /** The keys of its counters. */
  readonly counterKeys: readonly string[];
  ttlMs: number;
  /** Until when it is taken to be alive, unless renewed; monotonic. */
  untilMs: number;
  /** Since when an end of it was sent whose answer has not come; monotonic. */
  endSentMs: number | undefined;
}

/** A lease that has ended a moment ago. */
export interface EndedLease {
  readonly lease: LiveLease;
  /** In the order of its holds; `undefined` when it was released. */
  readonly amounts: readonly number[] | undefined;
  readonly atMs: number;
}

/**
 * How long a server may take to make sure of what it has answered: `appendfsync everysec` a second, two when
 * its disk is busy, and a replica less.
 */
const UNSURE_MS = 3_000;

/** What must be held again when a server has lost it. */
export interface LiveLeases {
  add(lease: LiveLease): void;
  get(leaseId: string): LiveLease | undefined;
  /** Its end has been confirmed. */
  end(leaseId: string, amounts: readonly number[] | undefined, nowMs: number): void;
  /** Those whose end a server may have answered and lost all the same. */
  ended(nowMs: number): readonly EndedLease[];
  renew(leaseId: string, ttlMs: number, nowMs: number): void;
  /** Those that are alive; others are forgotten. */
  alive(nowMs: number): LiveLease[];
}

export function createLiveLeases(): LiveLeases {
  const leases = new Map<string, LiveLease>();
  /** The oldest first. */
  const ended = new Map<string, EndedLease>();
  let lookAtMs = 0;

  function forgetDead(nowMs: number): void {
    for (const [id, { untilMs }] of leases) if (untilMs < nowMs) leases.delete(id);
  }

  function forgetSure(nowMs: number): void {
    for (const [id, { atMs }] of ended) {
      if (nowMs - atMs < UNSURE_MS) break;
      ended.delete(id);
    }
  }

  return {
    add(lease) {
      leases.set(lease.leaseId, lease);
      // An id that is used again: its end is not this lease's.
      ended.delete(lease.leaseId);
      const nowMs = lease.untilMs - lease.ttlMs;
      if (nowMs < lookAtMs) return;
      lookAtMs = nowMs + lease.ttlMs;
      forgetDead(nowMs);
    },
    get: (leaseId) => leases.get(leaseId),
    end(leaseId, amounts, nowMs) {
      forgetSure(nowMs);
      const lease = leases.get(leaseId);
      if (lease === undefined) return;
      leases.delete(leaseId);
      ended.set(leaseId, { lease, amounts, atMs: nowMs });
    },
    ended(nowMs) {
      forgetSure(nowMs);
      return [...ended.values()];
    },
    renew(leaseId, ttlMs, nowMs) {
      const lease = leases.get(leaseId);
      if (lease === undefined) return;
      lease.ttlMs = ttlMs;
      lease.untilMs = nowMs + ttlMs;
    },
    alive(nowMs) {
      forgetDead(nowMs);
      return [...leases.values()];
    },
  };
}
