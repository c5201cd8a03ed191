import { chain } from "../store/maybe-promise.ts";
import type {
  BudgetStore,
  Hold,
  MaybePromise,
  ReserveAnswer,
  StoreAnswer,
  StoreNotice,
} from "../store/store.ts";
import { noteTaken, type Family } from "./family.ts";
import type { LocalLeases } from "./local-leases.ts";
import type { Pools } from "./pools.ts";
import { boundsOf, freeOf, type Cell, type Moment, type Pool, type Slice } from "./slice.ts";

/** Takes slices in the shared store and settles them there. */
export interface SliceDesk {
  readonly slices: ReadonlySet<Slice>;
  /** When operations of the shared store began to fail, if they do; monotonic. */
  readonly awaySinceMs: number | undefined;
  /** @returns the answer, whose notices have been told. */
  take(family: Family, wish: SliceWish): MaybePromise<ReserveAnswer>;
  /** Settles a slice that no call draws on, at what was spent. */
  settle(slice: Slice): Promise<void>;
  /** Settles again what the shared store could not take. */
  retry(monotonicMs: number): void;
  renew(monotonicMs: number): void;
  /** An operator changes something here: nobody draws on what was answered, or asked, before. */
  bar(): void;
  /** How often that was. */
  readonly changes: number;
  /** Settles everything, what calls under way hold as spent. */
  settleAll(): readonly Promise<void>[];
  /** The result of an operation of the shared store, which tells whether that is away. */
  watch<Result>(run: () => MaybePromise<Result>): MaybePromise<Result>;
}

export interface SliceWish {
  /** The family's counters, with the checks of the call it is for. @defaultValue those of the call that came last */
  readonly holds?: readonly Hold[] | undefined;
  /** What a call needs of each counter. @defaultValue nothing */
  readonly needs?: readonly number[] | undefined;
  /** What to take for calls that come after it. @defaultValue nothing */
  readonly ahead?: readonly number[] | undefined;
  /** Whether what is under way in older slices moves to this one, so that they can be settled. */
  readonly carries: boolean;
  /** The call draws, before anything else does. */
  readonly onTaken?: (() => void) | undefined;
}

export interface SliceDeskOptions {
  readonly shared: BudgetStore;
  readonly pools: Pools;
  readonly leases: LocalLeases;
  /** What the ids of its leases begin with: no other process has it. */
  readonly name: string;
  readonly moment: () => Moment;
  readonly onNews: (notices: readonly StoreNotice[]) => void;
}

/** Long enough for a process that is slow, short enough that what a dead one held is soon charged. */
const SLICE_TTL_MS = 60_000;
const RENEW_EVERY_MS = SLICE_TTL_MS / 4;
const RETRY_AFTER_MS = 1_000;
/** How long no slice is asked for after one was refused. */
const REST_MS = 500;

export function createSliceDesk(options: SliceDeskOptions): SliceDesk {
  const { shared, pools, leases, name, moment, onNews } = options;
  const slices = new Set<Slice>();
  /** Being settled. */
  const ending = new Map<Slice, Promise<void>>();
  /** Could not be settled, and when they were tried. */
  const unsettled = new Map<Slice, number>();
  let taken = 0;
  let changes = 0;
  let awaySinceMs: number | undefined;

  function failed(error: unknown): never {
    awaySinceMs ??= moment().monotonicMs;
    throw error;
  }

  function watch<Result>(run: () => MaybePromise<Result>): MaybePromise<Result> {
    const answered = (result: Result): Result => {
      awaySinceMs = undefined;
      return result;
    };
    try {
      const result = run();
      return result instanceof Promise ? result.then(answered, failed) : answered(result);
    } catch (error) {
      return failed(error);
    }
  }

  function carriable(family: Family, { nowMs }: Moment): Slice[] {
    return [...family.slices].filter(
      (slice) => slice.open > 0 && nowMs < slice.carriedUntilMs && !ending.has(slice),
    );
  }

  function take(family: Family, wish: SliceWish): MaybePromise<ReserveAnswer> {
    const at = moment();
    const asked = wish.holds ?? family.holds;
    const older = wish.carries ? carriable(family, at) : [];
    const holds = asked.map((hold, index): Hold => {
      const carried = older.reduce((sum, { cells }) => sum + (cells[index]?.reserved ?? 0), 0);
      const amount = (wish.needs?.[index] ?? 0) + (wish.ahead?.[index] ?? 0) + carried;
      return { counter: hold.counter, check: hold.check, amount };
    });
    const leaseId = `${name}~${++taken}`;
    const changesBefore = changes;
    const answered = (answer: ReserveAnswer): ReserveAnswer => {
      onNews(answer.notices);
      if (answer.outcome === "granted") {
        const slice = open(family, leaseId, holds, at);
        pools.note(holds, answer.remaining, at.monotonicMs);
        if (changes !== changesBefore) pools.bar();
        const underWay = holds.map((_, index) => {
          let sum = 0;
          for (const { cells } of family.slices) sum += cells[index]?.reserved ?? 0;
          return sum;
        });
        noteTaken(family, wish.ahead, answer.remaining, underWay, at.monotonicMs);
        wish.onTaken?.();
        replace(family, older, slice, wish.carries);
      } else {
        family.restUntilMs = at.monotonicMs + REST_MS;
        if (answer.outcome === "refused" && changes === changesBefore) {
          pools.noteRefused({ holds }, answer.refusals);
        }
      }
      return { ...answer, notices: [] };
    };
    const giveUp = (error: unknown): never => {
      family.restUntilMs = at.monotonicMs + REST_MS;
      // It may have been held all the same.
      void attempt(() => shared.release(leaseId));
      throw error;
    };
    let outcome: MaybePromise<ReserveAnswer>;
    try {
      outcome = chain(
        watch(() => shared.reserve({ leaseId, ttlMs: SLICE_TTL_MS, holds })),
        answered,
      );
    } catch (error) {
      return giveUp(error);
    }
    if (!(outcome instanceof Promise)) return outcome;
    const late = outcome.catch(giveUp);
    family.asking = late.then(
      () => void (family.asking = undefined),
      () => void (family.asking = undefined),
    );
    return late;
  }

  function open(family: Family, leaseId: string, holds: readonly Hold[], at: Moment): Slice {
    const { monotonicMs } = at;
    const slice: Slice = {
      leaseId,
      family,
      cells: [],
      takenAtMs: monotonicMs,
      renewedAtMs: monotonicMs,
      drawnAtMs: monotonicMs,
      ...boundsOf(holds, at.nowMs),
      open: 0,
      closed: false,
    };
    for (const hold of holds) {
      slice.cells.push({
        slice,
        pool: pools.of(hold),
        fits: hold.check === "fit",
        held: hold.amount,
        reserved: 0,
        spent: 0,
      });
    }
    slices.add(slice);
    family.slices.add(slice);
    family.newest = slice;
    pools.add(slice);
    return slice;
  }

  /** Settles the slices before this one, with what is under way in them carried over where there is room. */
  function replace(family: Family, older: readonly Slice[], slice: Slice, carries: boolean): void {
    const { nowMs } = moment();
    for (const one of older) {
      const hasRoom = one.cells.every(
        ({ reserved, pool }, index) => reserved <= freeIn(slice.cells[index], pool),
      );
      if (hasRoom && nowMs < one.carriedUntilMs) leases.carry(one, slice);
    }
    if (!carries) return;
    for (const one of family.slices) if (one !== slice && one.open === 0) void settle(one);
  }

  function settle(slice: Slice): Promise<void> {
    const under = ending.get(slice);
    if (under !== undefined) return under;
    slice.closed = true;
    unsettled.delete(slice);
    const settled = settleOnce(slice);
    ending.set(slice, settled);
    return settled;
  }

  /** Asks before it waits for anything: also for a process that is about to end. */
  async function settleOnce(slice: Slice): Promise<void> {
    const amounts = slice.cells.map(({ spent }) => spent);
    const done = await attempt(() =>
      chain(
        watch(() => shared.settle(slice.leaseId, amounts)),
        (answer: StoreAnswer) => {
          drop(slice);
          onNews(answer.notices);
        },
      ),
    );
    ending.delete(slice);
    if (!done) unsettled.set(slice, moment().monotonicMs);
  }

  function drop(slice: Slice): void {
    slices.delete(slice);
    pools.remove(slice);
    slice.family.slices.delete(slice);
    if (slice.family.newest === slice) slice.family.newest = undefined;
  }

  return {
    slices,
    get awaySinceMs() {
      return awaySinceMs;
    },
    take,
    settle,
    retry(monotonicMs) {
      for (const [slice, triedAtMs] of unsettled) {
        if (monotonicMs - triedAtMs >= RETRY_AFTER_MS) void settle(slice);
      }
    },
    renew(monotonicMs) {
      const due = [...slices].filter(
        ({ open: draws, renewedAtMs }) => draws > 0 && monotonicMs - renewedAtMs >= RENEW_EVERY_MS,
      );
      if (due.length === 0) return;
      for (const slice of due) slice.renewedAtMs = monotonicMs;
      const ids = due.map(({ leaseId }) => leaseId);
      void attempt(() => shared.renew(ids, SLICE_TTL_MS));
    },
    bar() {
      changes++;
      pools.bar();
    },
    get changes() {
      return changes;
    },
    settleAll() {
      for (const { cells } of slices) {
        for (const cell of cells) {
          cell.spent += cell.reserved;
          cell.reserved = 0;
        }
      }
      return [...slices].map(settle);
    },
    watch,
  };
}

function freeIn(cell: Cell | undefined, pool: Pool): number {
  return cell?.pool === pool ? freeOf(cell) : Number.NEGATIVE_INFINITY;
}

/** @returns whether it was done. */
async function attempt(run: () => MaybePromise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    // Tried again, or presumed by the shared store: nothing is lost that was spent.
    return false;
  }
}
