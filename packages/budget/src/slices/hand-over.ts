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
 * like any other. Where its hold does not fit a second time for the moment that takes, it is charged here as held;
 * a late end corrects that no more.
 */
export function createHandOver(options: HandOverOptions): (lease: LocalLease) => Promise<void> {
  const { shared, leases, direct, desk, news } = options;

  async function ask({ id, holds }: LocalLease): Promise<ReserveAnswer | undefined> {
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
      leases.end(lease, undefined);
    } else if (!hasEnded) {
      leases.end(
        lease,
        holds.map(({ amount }) => amount),
      );
      news.put(presumedNotices(lease));
    }
  };
}
