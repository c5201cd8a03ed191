import { systemClock, type Clock } from "@tollgate/core";
import { atExit } from "../outbox/at-exit.ts";
import { chain } from "../store/maybe-promise.ts";
import type { BudgetStore, MaybePromise, StoreAnswer } from "../store/store.ts";
import { createAdmission } from "./admission.ts";
import { createDirectLeases } from "./direct-leases.ts";
import { createFamilies, noteEnded } from "./family.ts";
import { createHandOver } from "./hand-over.ts";
import { createLocalLeases, type LocalLease } from "./local-leases.ts";
import { createNews } from "./news.ts";
import { createPools } from "./pools.ts";
import { createRounds } from "./rounds.ts";
import type { Moment } from "./slice.ts";
import { createSliceDesk } from "./slice-desk.ts";

export interface SlicedStoreOptions {
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
}

const NOTHING_NEW: StoreAnswer = { notices: [] };

/**
 * Puts slices above a shared store: parts of budgets that this process takes ahead, as ordinary leases. Calls
 * that come fast (16 a second under the same budgets) are reserved and settled in memory, at once and without a
 * promise; others go to the shared store as they are.
 *
 * No limit is exceeded for it: what a process has taken is reserved in the shared store, and before one of its calls
 * is refused it gives back what it does not need. Other processes see that as reserved: about as much as its calls need
 * in half a second, and never more at once than a sixteenth of what is left. What others freeze or change counts
 * here within a second. When the process is killed its slices are charged as held, a minute later.
 *
 * While the shared store is away, what was taken may be spent; then operations reject.
 */
export function createSlicedStore(
  shared: BudgetStore,
  { clock = systemClock }: SlicedStoreOptions = {},
): BudgetStore {
  const pools = createPools();
  const families = createFamilies();
  const leases = createLocalLeases();
  const direct = createDirectLeases(clock);
  const news = createNews();
  const moment = (): Moment => ({ nowMs: clock.now(), monotonicMs: clock.monotonic() });
  const name = `slice~${crypto.randomUUID()}`;
  const desk = createSliceDesk({ shared, pools, leases, name, moment, onNews: news.put });
  const handOver = createHandOver({ shared, leases, direct, desk, news });
  const rounds = createRounds({ desk, families, leases, moment, handOver });
  const reserve = createAdmission({
    shared,
    pools,
    families,
    leases,
    direct,
    desk,
    rounds,
    news,
    moment,
  });

  // News of another such store below.
  shared.listen?.(({ notices }) => news.put(notices));
  // What is under way when the process ends is charged as held. A store that keeps an outbox takes it at once.
  const stopWaitingForExit = atExit(() => void desk.settleAll());

  function end(leaseId: string, used: readonly number[] | undefined): MaybePromise<StoreAnswer> {
    const lease = leases.find(leaseId);
    if (lease !== undefined) return endLocal(lease, used);
    direct.delete(leaseId);
    const ended = desk.watch(() =>
      used === undefined ? shared.release(leaseId) : shared.settle(leaseId, used),
    );
    return chain(ended, news.joined);
  }

  function endLocal(lease: LocalLease, used: readonly number[] | undefined): StoreAnswer {
    for (const amount of used ?? []) {
      if (!Number.isSafeInteger(amount) || amount < 0) {
        throw new RangeError(`${amount} is no whole amount of at least 0`);
      }
    }
    leases.end(lease, used);
    noteEnded(lease.family, lease.holds, used);
    const notices = news.take();
    return notices.length === 0 ? NOTHING_NEW : { notices };
  }

  return {
    scope: shared.scope,
    partition: shared.partition,
    holdsAhead: true,
    listen: news.listen,
    reserve,
    settle: (leaseId, amounts) => end(leaseId, amounts),
    release: (leaseId) => end(leaseId, undefined),
    renew(leaseIds, ttlMs) {
      const untilMs = clock.now() + ttlMs;
      const others = leaseIds.filter((id) => !leases.renew(id, untilMs));
      if (others.length === 0) return;
      for (const id of others) direct.renew(id, ttlMs);
      return desk.watch(() => shared.renew(others, ttlMs));
    },
    control(key, control) {
      desk.bar();
      return chain(
        desk.watch(() => shared.control(key, control)),
        desk.bar,
      );
    },
    topUp: (topUp) => desk.watch(() => shared.topUp(topUp)),
    states: () =>
      chain(
        desk.watch(() => shared.states()),
        news.joined,
      ),
    async close() {
      rounds.stop();
      stopWaitingForExit();
      await Promise.all([...families.all()].flatMap(({ asking }) => asking ?? []));
      await Promise.all(desk.settleAll());
      await shared.close();
    },
  };
}
