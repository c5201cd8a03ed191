import type { Clock } from "@tollgate/core";

/** The calls that have leases of their own in the shared store: asked for again, they are asked there. */
export interface DirectLeases {
  add(id: string, ttlMs: number): void;
  has(id: string): boolean;
  renew(id: string, ttlMs: number): void;
  delete(id: string): void;
}

const LOOK_EVERY = 1_000;

export function createDirectLeases(clock: Clock): DirectLeases {
  const untilMs = new Map<string, number>();
  let added = 0;

  function forgetExpired(): void {
    const nowMs = clock.now();
    for (const [id, until] of untilMs) if (until < nowMs) untilMs.delete(id);
  }

  return {
    add(id, ttlMs) {
      untilMs.set(id, clock.now() + ttlMs);
      if (++added % LOOK_EVERY === 0) forgetExpired();
    },
    has: (id) => untilMs.has(id),
    renew(id, ttlMs) {
      if (untilMs.has(id)) untilMs.set(id, clock.now() + ttlMs);
    },
    delete: (id) => void untilMs.delete(id),
  };
}
