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

/** What must be held again when a server has lost it. */
export interface LiveLeases {
  add(lease: LiveLease): void;
  get(leaseId: string): LiveLease | undefined;
  delete(leaseId: string): void;
  renew(leaseId: string, ttlMs: number, nowMs: number): void;
  /** Those that are alive; others are forgotten. */
  alive(nowMs: number): LiveLease[];
}

export function createLiveLeases(): LiveLeases {
  const leases = new Map<string, LiveLease>();
  let lookAtMs = 0;

  function forgetDead(nowMs: number): void {
    for (const [id, { untilMs }] of leases) if (untilMs < nowMs) leases.delete(id);
  }

  return {
    add(lease) {
      leases.set(lease.leaseId, lease);
      const nowMs = lease.untilMs - lease.ttlMs;
      if (nowMs < lookAtMs) return;
      lookAtMs = nowMs + lease.ttlMs;
      forgetDead(nowMs);
    },
    get: (leaseId) => leases.get(leaseId),
    delete: (leaseId) => void leases.delete(leaseId),
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
