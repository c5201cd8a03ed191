import type { BudgetStore, ReserveAnswer } from "../store/store.ts";
import type { DirectLeases } from "./direct-leases.ts";
import { presumedNotices, type LocalLease, type LocalLeases } from "./local-leases.ts";
import type { News } from "./news.ts";
import type { SliceDesk } from "./slice-desk.ts";

export interface HandOverOptions {
  readonly shared: BudgetStore;
  readonly leases: LocalLeases;
  readonly direct: DirectLeases;
  readonly desk: SliceDesk;
  readonly news: News;
}

/** A lease that expires at once: the shared store presumes it, tells so, and waits a day for its late end. */
const EXPIRED_MS = 1;

/**
 * Gives a call that was not renewed in time a lease of its own in the shared store, where it is presumed
 * like any other. For a moment it is held twice, also where that does not fit: no call may draw on what it leaves
 * here then.
 */
export function createHandOver(options: HandOverOptions): (lease: LocalLease) => Promise<void> {
  const { shared, leases, direct, desk, news } = options;

  async function ask({ id, holds: held }: LocalLease): Promise<ReserveAnswer | undefined> {
    const holds = held.map((hold) => ({ ...hold, check: "never" as const }));
    try {
      const request = { leaseId: id, ttlMs: EXPIRED_MS, holds, evenFrozen: true };
      return await desk.watch(() => shared.reserve(request));
    } catch {
      return undefined;
    }
  }

  return async (lease) => {
    const { id, holds } = lease;
    lease.moving = true;
    const answer = await ask(lease);
    lease.moving = false;
    if (answer === undefined) return;
    news.put(answer.notices);
    const hasEnded = leases.find(id) !== lease;
    if (answer.outcome === "granted") {
      if (hasEnded) {
        await shared.release(id);
        return;
      }
      direct.add(id, EXPIRED_MS);
      leases.moveOut(lease);
    } else if (!hasEnded) {
      // Its id stands for another call there.
      leases.end(
        lease,
        holds.map(({ amount }) => amount),
      );
      news.put(presumedNotices(lease));
    }
  };
}
