import type { Clock } from "@tollgate/core";
import type { Share } from "./split-holds.ts";

/** Where the leases that this process was granted lie, for their ends to find them. */
export interface LeasePlaces {
  put(leaseId: string, shares: readonly Share[], ttlMs: number): void;
  get(leaseId: string): readonly Share[] | undefined;
  renew(leaseId: string, ttlMs: number): void;
  delete(leaseId: string): void;
}

interface Place {
  readonly shares: readonly Share[];
  /** Monotonic. */
  untilMs: number;
}

/** For so long after a lease has expired its end is still waited for. */
const LATE_END_MS = 86_400_000;
const TIDY_EVERY_MS = 3_600_000;

export function createLeasePlaces(clock: Clock): LeasePlaces {
  const places = new Map<string, Place>();
  let tidyAtMs = 0;

  function tidy(nowMs: number): void {
    if (nowMs < tidyAtMs) return;
    tidyAtMs = nowMs + TIDY_EVERY_MS;
    for (const [id, { untilMs }] of places) if (untilMs < nowMs) places.delete(id);
  }

  return {
    put(leaseId, shares, ttlMs) {
      const nowMs = clock.monotonic();
      tidy(nowMs);
      places.set(leaseId, { shares, untilMs: nowMs + ttlMs + LATE_END_MS });
    },
    get: (leaseId) => places.get(leaseId)?.shares,
    renew(leaseId, ttlMs) {
      const place = places.get(leaseId);
      if (place !== undefined) place.untilMs = clock.monotonic() + ttlMs + LATE_END_MS;
    },
    delete: (leaseId) => void places.delete(leaseId),
  };
}
