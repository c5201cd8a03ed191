import { chain } from "../store/maybe-promise.ts";
import type {
  BudgetStore,
  Hold,
  MaybePromise,
  ReserveAnswer,
  ReserveRequest,
} from "../store/store.ts";
import type { DirectLeases } from "./direct-leases.ts";
import {
  isBusy,
  noteHeld,
  sizesAhead,
  SLICE_LASTS_MS,
  type Families,
  type Family,
} from "./family.ts";
import { holdsSame, type LocalLease, type LocalLeases } from "./local-leases.ts";
import type { News } from "./news.ts";
import type { Pools } from "./pools.ts";
import type { Rounds } from "./rounds.ts";
import type { Moment, Slice } from "./slice.ts";
import type { SliceDesk, SliceWish } from "./slice-desk.ts";

export interface AdmissionOptions {
  readonly shared: BudgetStore;
  readonly pools: Pools;
  readonly families: Families;
  readonly leases: LocalLeases;
  readonly direct: DirectLeases;
  readonly desk: SliceDesk;
  readonly rounds: Rounds;
  readonly news: News;
  readonly moment: () => Moment;
}

/** An answer of the shared store that is older does not let calls draw: what operators change is heard so late. */
const ANSWER_COUNTS_MS = 1_000;
/** How often a refused call is asked again with what this process has given back: others may be quicker. */
const MOST_TRIES = 4;

const ALL_COUNT = Number.NEGATIVE_INFINITY;

/** Lets calls draw on slices, takes slices for those that come fast, and asks the shared store for the others. */
export function createAdmission(
  options: AdmissionOptions,
): (request: ReserveRequest) => MaybePromise<ReserveAnswer> {
  const { shared, pools, families, leases, direct, desk, rounds, news, moment } = options;

  function reserve(request: ReserveRequest): MaybePromise<ReserveAnswer> {
    const { leaseId, holds } = request;
    const at = moment();
    rounds.onUse(at);
    const open = leases.find(leaseId);
    if (open !== undefined) return again(open, holds);
    if (request.dryRun === true) return dryRun(request, at);
    const family = families.enter(holds, at);
    if (request.isForAll === true) return askShared(request, family);
    if (direct.has(leaseId)) return askOnce(request, family);
    const drawn = draw(request, family, at, oldestMs(at));
    if (drawn !== undefined) {
      rounds.refill(family, at);
      return drawn;
    }
    if (family.asking !== undefined && isBusy(family, at.monotonicMs)) {
      return afterAnother(request, family, family.asking);
    }
    return askAhead(request, family, at);
  }

  /** Answers from before do not count; while the shared store is away, all do. */
  function oldestMs({ monotonicMs }: Moment): number {
    return desk.awaySinceMs === undefined ? monotonicMs - ANSWER_COUNTS_MS : ALL_COUNT;
  }

  function again(open: LocalLease, holds: readonly Hold[]): ReserveAnswer {
    if (!holdsSame(open, holds)) return { outcome: "conflict", notices: news.take() };
    return granted(holds);
  }

  function granted(holds: readonly Hold[]): ReserveAnswer {
    const remaining = holds.map((hold) => pools.remaining(hold));
    return { outcome: "granted", remaining, notices: news.take() };
  }

  function draw(
    { leaseId, ttlMs, holds }: ReserveRequest,
    family: Family,
    at: Moment,
    oldest: number,
  ): ReserveAnswer | undefined {
    const open = leases.find(leaseId);
    if (open !== undefined) return again(open, holds);
    const portions = pools.draw(holds, at, oldest);
    if (portions === undefined) return undefined;
    noteHeld(family, holds);
    const expiresAtMs = at.nowMs + ttlMs;
    leases.add({ id: leaseId, holds, family, portions, expiresAtMs, moving: false });
    return granted(holds);
  }

  /** A slice is being asked for; there may be room in it. */
  async function afterAnother(
    request: ReserveRequest,
    family: Family,
    asking: Promise<void>,
  ): Promise<ReserveAnswer> {
    await asking;
    const at = moment();
    return draw(request, family, at, oldestMs(at)) ?? askShared(request, family);
  }

  /** Takes a slice for this call and those that come after it. */
  function askAhead(
    request: ReserveRequest,
    family: Family,
    { monotonicMs }: Moment,
  ): MaybePromise<ReserveAnswer> {
    // Slices are taken of nothing that is frozen; what cannot be stopped has its own lease then.
    const mayTake =
      request.evenFrozen !== true &&
      monotonicMs >= family.restUntilMs &&
      isBusy(family, monotonicMs);
    const ahead = mayTake ? sizesAhead(family, monotonicMs) : undefined;
    if (ahead === undefined) return askShared(request, family);
    const needs = request.holds.map(({ amount }) => amount);
    return chain(takeAndDraw(request, family, { needs, ahead, carries: true }), (answer) =>
      answer?.outcome === "granted" ? answer : askShared(request, family),
    );
  }

  /** @returns a refusal of the slice; `undefined` when other calls have drawn on it before this one could. */
  function takeAndDraw(
    request: ReserveRequest,
    family: Family,
    wish: SliceWish,
  ): MaybePromise<ReserveAnswer | undefined> {
    let drawn: ReserveAnswer | undefined;
    const onTaken = (): void => {
      drawn = draw(request, family, moment(), ALL_COUNT);
    };
    const proceed = (answer: ReserveAnswer): ReserveAnswer | undefined =>
      answer.outcome === "granted" ? drawn : answer;
    const failed = (error: unknown): ReserveAnswer => {
      const answer = draw(request, family, moment(), ALL_COUNT);
      if (answer === undefined) throw error;
      return answer;
    };
    rounds.start();
    try {
      const answer = desk.take(family, { ...wish, holds: request.holds, onTaken });
      return answer instanceof Promise ? answer.then(proceed, failed) : proceed(answer);
    } catch (error) {
      return failed(error);
    }
  }

  function askShared(request: ReserveRequest, family: Family): MaybePromise<ReserveAnswer> {
    return chain(askOnce(request, family), (answer) =>
      answer.outcome === "refused" && slicesOf(request.holds).size > 0
        ? askWithAllWeHave(request, family, answer)
        : answer,
    );
  }

  /** Asks for the call alone, under its own id. */
  function askOnce(request: ReserveRequest, family: Family): MaybePromise<ReserveAnswer> {
    const { leaseId, ttlMs } = request;
    const isNew = !direct.has(leaseId);
    const { changes } = desk;
    direct.add(leaseId, ttlMs);
    const answered = (answer: ReserveAnswer): ReserveAnswer => {
      if (answer.outcome === "granted") {
        for (const [index, use] of family.use.entries()) {
          use.remaining = answer.remaining[index] ?? 0;
        }
      } else {
        if (isNew) direct.delete(leaseId);
        if (answer.outcome === "refused" && desk.changes === changes) {
          pools.noteRefused(request, answer.refusals);
        }
      }
      return news.joined(answer);
    };
    const failed = (error: unknown): never => {
      if (isNew) direct.delete(leaseId);
      throw error;
    };
    try {
      const answer = desk.watch(() => shared.reserve(request));
      return answer instanceof Promise ? answer.then(answered, failed) : answered(answer);
    } catch (error) {
      return failed(error);
    }
  }

  function slicesOf(holds: readonly Hold[]): ReadonlySet<Slice> {
    const found = new Set<Slice>();
    for (const { counter } of holds) {
      for (const { slice } of pools.find(counter.key)?.cells ?? []) found.add(slice);
    }
    return found;
  }

  /**
   * Own slices must not be why a call is refused: what no call draws on is given back, and of the others what is
   * free goes to this one.
   */
  async function askWithAllWeHave(
    request: ReserveRequest,
    family: Family,
    first: Refused,
  ): Promise<ReserveAnswer> {
    const { holds } = request;
    let refused = first;
    const seen = [...first.notices];
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (refused.refusals.some(({ frozen }) => frozen)) break;
      // oxlint-disable-next-line no-await-in-loop -- each follows the answer before
      await giveBack(holds, family);
      const at = moment();
      const free = freeOf(holds, at);
      const covers = request.evenFrozen !== true && free.some((amount) => amount > 0);
      const answer =
        draw(request, family, at, ALL_COUNT) ??
        // oxlint-disable-next-line no-await-in-loop
        (await (covers
          ? takeAndDraw(request, family, { needs: lacksOf(holds, free), carries: false })
          : askOnce(request, family)));
      if (answer === undefined) continue;
      seen.push(...answer.notices);
      if (answer.outcome !== "refused") return { ...answer, notices: seen };
      refused = covers ? withFree(answer, free) : answer;
      if (covers || slicesOf(holds).size === 0) break;
    }
    return { ...refused, notices: seen };
  }

  async function giveBack(holds: readonly Hold[], family: Family): Promise<void> {
    const restUntilMs = moment().monotonicMs + SLICE_LASTS_MS;
    const slices = slicesOf(holds);
    const concerned = new Set([family, ...[...slices].map((slice) => slice.family)]);
    for (const one of concerned) one.restUntilMs = Math.max(one.restUntilMs, restUntilMs);
    await Promise.all([...concerned].flatMap(({ asking }) => asking ?? []));
    await Promise.all(
      [...slicesOf(holds)].filter(({ open }) => open === 0).map((slice) => desk.settle(slice)),
    );
  }

  function freeOf(holds: readonly Hold[], { nowMs }: Moment): number[] {
    return holds.map((hold) => pools.free(hold, nowMs));
  }

  function dryRun(request: ReserveRequest, at: Moment): MaybePromise<ReserveAnswer> {
    const { leaseId, holds } = request;
    const free = freeOf(holds, at);
    if (!direct.has(leaseId) && pools.hasRoom(holds, at, oldestMs(at))) {
      const remaining = holds.map((hold) => pools.remaining(hold) - hold.amount);
      return { outcome: "granted", remaining, notices: news.take() };
    }
    const lacks = lacksOf(holds, free);
    const asked = holds.map((hold, index) => ({ ...hold, amount: lacks[index] ?? hold.amount }));
    return chain(
      desk.watch(() => shared.reserve({ ...request, holds: asked })),
      (answer) => {
        if (answer.outcome === "refused") return news.joined(withFree(answer, free));
        if (answer.outcome === "conflict") return news.joined(answer);
        const remaining = answer.remaining.map(
          (left, index) => left + Math.max(0, (free[index] ?? 0) - (holds[index]?.amount ?? 0)),
        );
        return news.joined({ ...answer, remaining });
      },
    );
  }

  return reserve;
}

type Refused = Extract<ReserveAnswer, { outcome: "refused" }>;

/** What calls need besides what is free here. */
function lacksOf(holds: readonly Hold[], free: readonly number[]): number[] {
  return holds.map(({ amount }, index) => Math.max(0, amount - (free[index] ?? 0)));
}

/** What this process has free was reserved when the shared store said what remains. */
function withFree(answer: Refused, free: readonly number[]): Refused {
  const refusals = answer.refusals.map((refusal) => ({
    ...refusal,
    remaining: refusal.remaining + (free[refusal.index] ?? 0),
  }));
  return { ...answer, refusals };
}
