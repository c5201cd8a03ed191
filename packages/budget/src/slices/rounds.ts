import { isBusy, sizesAhead, SLICE_LASTS_MS, type Families, type Family } from "./family.ts";
import type { LocalLease, LocalLeases } from "./local-leases.ts";
import { freeOf, type Moment, type Slice } from "./slice.ts";
import type { SliceDesk } from "./slice-desk.ts";

/** Looks after slices while calls come and after the last has come. */
export interface Rounds {
  /** Called with every operation. */
  onUse(moment: Moment): void;
  /** Takes the next slice before the one in use is used up or too old. */
  refill(family: Family, moment: Moment): void;
  /** There are slices: goes round by itself until there are none. */
  start(): void;
  stop(): void;
}

export interface RoundsOptions {
  readonly desk: SliceDesk;
  readonly families: Families;
  readonly leases: LocalLeases;
  readonly moment: () => Moment;
  readonly handOver: (lease: LocalLease) => Promise<void>;
}

const ROUND_MS = 250;
/** A slice that nobody drew on for so long is given back. */
const IDLE_MS = 1_000;

export function createRounds(options: RoundsOptions): Rounds {
  const { desk, families, leases, moment, handOver } = options;
  let nextMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setInterval> | undefined;

  function go(at: Moment): void {
    nextMs = at.monotonicMs + ROUND_MS;
    for (const lease of leases.expired(at.nowMs)) quietly(() => handOver(lease));
    desk.retry(at.monotonicMs);
    for (const family of families.all()) if (family.slices.size > 0) lookAfter(family, at);
    desk.renew(at.monotonicMs);
    families.forgetIdle(at.monotonicMs);
    if (desk.slices.size === 0 && !isAsking()) stop();
  }

  function isAsking(): boolean {
    for (const { asking } of families.all()) if (asking !== undefined) return true;
    return false;
  }

  function lookAfter(family: Family, at: Moment): void {
    settleQuiet(family, (slice) => at.nowMs >= slice.untilMs || isUnused(slice, at.monotonicMs));
    if (isDue(family, at)) turnOver(family, at);
  }

  function settleQuiet(family: Family, isOver: (slice: Slice) => boolean): void {
    for (const slice of family.slices) {
      if (slice.open === 0 && !slice.closed && isOver(slice)) void desk.settle(slice);
    }
  }

  /** Lets the shared store know what was spent: with a new slice for calls that come fast, else with none. */
  function turnOver(family: Family, { nowMs, monotonicMs }: Moment): void {
    const ahead = isBusy(family, monotonicMs) ? sizesAhead(family, monotonicMs) : undefined;
    if (ahead !== undefined) return take(family, ahead);
    // What was taken ahead is all there is to spend while the shared store is away.
    if (desk.awaySinceMs !== undefined) return;
    settleQuiet(family, () => true);
    const isUnderWay = [...family.slices].some(
      ({ open, carriedUntilMs }) => open > 0 && nowMs < carriedUntilMs,
    );
    if (isUnderWay) take(family, undefined);
  }

  function take(family: Family, ahead: readonly number[] | undefined): void {
    quietly(() => desk.take(family, { ahead, carries: true }));
  }

  function refill(family: Family, { monotonicMs }: Moment): void {
    if (family.asking !== undefined || monotonicMs < family.restUntilMs) return;
    if (monotonicMs - family.takenAtMs < SLICE_LASTS_MS && !isLow(family)) return;
    if (!isBusy(family, monotonicMs)) return;
    const ahead = sizesAhead(family, monotonicMs);
    if (ahead === undefined) family.restUntilMs = monotonicMs + SLICE_LASTS_MS;
    else take(family, ahead);
  }

  function start(): void {
    if (timer !== undefined) return;
    timer = setInterval(() => go(moment()), ROUND_MS);
    // Slices must not keep the process running. Timers are numbers in some runtimes.
    if (typeof timer === "object") timer.unref();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    onUse(at) {
      if (at.monotonicMs >= nextMs) go(at);
    },
    refill,
    start,
    stop,
  };
}

function isDue(
  { asking, restUntilMs, takenAtMs, slices }: Family,
  { monotonicMs }: Moment,
): boolean {
  if (asking !== undefined || monotonicMs < restUntilMs) return false;
  if (monotonicMs - takenAtMs < SLICE_LASTS_MS) return false;
  return [...slices].some((slice) => hasNews(slice, monotonicMs));
}

function isUnused({ drawnAtMs }: Slice, monotonicMs: number): boolean {
  return monotonicMs - drawnAtMs >= IDLE_MS;
}

/** Whether the shared store should hear of it: something was spent, or is no longer needed. */
function hasNews(slice: Slice, monotonicMs: number): boolean {
  const isLeft = isUnused(slice, monotonicMs);
  return slice.cells.some((cell) => cell.spent > 0 || (isLeft && freeOf(cell) > 0));
}

function isLow({ newest, use }: Family): boolean {
  if (newest === undefined) return false;
  for (let index = 0; index < use.length; index++) {
    const cell = newest.cells[index];
    const ahead = use[index]?.ahead ?? 0;
    if (cell?.fits === true && ahead > 0 && freeOf(cell) < ahead / 2) return true;
  }
  return false;
}

/** What fails is tried again; calls hear of it when they need it. */
function quietly(run: () => unknown): void {
  void (async () => {
    try {
      await run();
    } catch {
      // The desk has noted that the shared store is away.
    }
  })();
}
