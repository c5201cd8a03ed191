import type { Hold, HoldRefusal, ReserveRequest } from "../store/store.ts";
import { freeOf, isOpenFor, overdrawnOf } from "./slice.ts";
import type { Moment, Pool, Portion, Slice } from "./slice.ts";

type Asked = Pick<ReserveRequest, "holds" | "evenFrozen">;

/** What is held of each counter in this process. */
export interface Pools {
  of(hold: Hold): Pool;
  find(key: string): Pool | undefined;
  add(slice: Slice): void;
  /** Its amounts stand in the shared store now. */
  remove(slice: Slice): void;
  /**
   * Takes all holds of a call out of slices, or none.
   *
   * @param oldestMs - answers from before do not count any more, monotonic.
   * @returns `undefined` when one of them does not fit.
   */
  draw(holds: readonly Hold[], moment: Moment, oldestMs: number): Portion[] | undefined;
  /** Whether {@link Pools.draw} would. */
  hasRoom(holds: readonly Hold[], moment: Moment, oldestMs: number): boolean;
  /** What could be drawn for a hold; 0 when nothing. */
  free(hold: Hold, nowMs: number): number;
  /** What is left of a counter for this process, as far as it knows. */
  remaining(hold: Hold): number;
  /** Hears what the shared store has answered. */
  note(holds: readonly Hold[], remaining: readonly number[], monotonicMs: number): void;
  noteRefused(request: Asked, refusals: readonly HoldRefusal[]): void;
  /** Nobody draws before the shared store has answered again, not even while it is away. */
  bar(): void;
}

export function createPools(): Pools {
  const pools = new Map<string, Pool>();

  /** `-Infinity` when no cell is open for it. */
  function roomFor({ counter, check }: Hold, nowMs: number, oldestMs: number): number {
    const pool = pools.get(counter.key);
    if (pool === undefined || pool.barred) return Number.NEGATIVE_INFINITY;
    if (pool.counter.limit !== counter.limit || pool.askedAtMs < oldestMs) {
      return Number.NEGATIVE_INFINITY;
    }
    let room = Number.NEGATIVE_INFINITY;
    let overdrawn = 0;
    for (const cell of pool.cells) {
      if (isOpenFor(cell, check, nowMs)) room = Math.max(room, 0) + Math.max(0, freeOf(cell));
      overdrawn += overdrawnOf(cell);
    }
    // What it does not know to be spent may be: nothing but what remains is sure to be unspent.
    if (check === "unspent" && pool.remaining - overdrawn <= 0) return Number.NEGATIVE_INFINITY;
    return room - overdrawn;
  }

  function isCovered(hold: Hold, nowMs: number, oldestMs: number): boolean {
    const room = roomFor(hold, nowMs, oldestMs);
    // What is never refused, or holds nothing, needs no room: it is booked when an open slice is settled.
    const isFree = hold.check === "never" || (hold.check === "unspent" && hold.amount === 0);
    if (isFree) return room !== Number.NEGATIVE_INFINITY;
    return Number.isSafeInteger(hold.amount) && hold.amount >= 0 && room >= hold.amount;
  }

  function hasRoom(holds: readonly Hold[], { nowMs }: Moment, oldestMs: number): boolean {
    for (const hold of holds) if (!isCovered(hold, nowMs, oldestMs)) return false;
    return true;
  }

  function take(hold: Hold, index: number, moment: Moment, into: Portion[]): void {
    let left = hold.amount;
    let cell;
    for (const each of pools.get(hold.counter.key)?.cells ?? []) {
      if (!isOpenFor(each, hold.check, moment.nowMs)) continue;
      cell = each;
      const amount = Math.min(left, Math.max(0, freeOf(each)));
      if (amount === 0) continue;
      into.push(portion(index, each, amount, moment));
      left -= amount;
      if (left === 0) return;
    }
    if (cell !== undefined) into.push(portion(index, cell, left, moment));
  }

  return {
    of({ counter }) {
      let pool = pools.get(counter.key);
      if (pool === undefined) {
        const askedAtMs = Number.NEGATIVE_INFINITY;
        pool = { counter, cells: [], remaining: 0, askedAtMs, barred: false };
        pools.set(counter.key, pool);
      }
      pool.counter = counter;
      return pool;
    },
    find: (key) => pools.get(key),
    add({ cells }) {
      for (const cell of cells) cell.pool.cells.push(cell);
    },
    remove({ cells }) {
      for (const cell of cells) {
        const { pool } = cell;
        pool.remaining -= overdrawnOf(cell);
        const at = pool.cells.indexOf(cell);
        if (at >= 0) pool.cells.splice(at, 1);
        if (pool.cells.length === 0) pools.delete(pool.counter.key);
      }
    },
    hasRoom,
    draw(holds, moment, oldestMs) {
      if (!hasRoom(holds, moment, oldestMs)) return undefined;
      const portions: Portion[] = [];
      for (let index = 0; index < holds.length; index++) {
        const hold = holds[index];
        if (hold !== undefined) take(hold, index, moment, portions);
      }
      return portions;
    },
    free: (hold, nowMs) => Math.max(0, roomFor(hold, nowMs, Number.NEGATIVE_INFINITY)),
    remaining({ counter }) {
      const pool = pools.get(counter.key);
      if (pool === undefined) return 0;
      let left = pool.remaining;
      for (const cell of pool.cells) left += freeOf(cell);
      return left;
    },
    note(holds, remaining, monotonicMs) {
      for (const [index, { counter }] of holds.entries()) {
        const pool = pools.get(counter.key);
        if (pool === undefined) continue;
        pool.remaining = remaining[index] ?? 0;
        pool.askedAtMs = monotonicMs;
        pool.barred = false;
      }
    },
    noteRefused({ holds, evenFrozen }, refusals) {
      for (const [index, { counter }] of holds.entries()) {
        const pool = pools.get(counter.key);
        if (pool === undefined) continue;
        const refusal = refusals.find((one) => one.index === index);
        if (refusal !== undefined) pool.remaining = refusal.remaining;
        if (evenFrozen !== true) pool.barred = refusal?.frozen === true;
      }
    },
    bar() {
      for (const pool of pools.values()) pool.barred = true;
    },
  };
}

function portion(index: number, cell: Portion["cell"], amount: number, at: Moment): Portion {
  cell.reserved += amount;
  cell.slice.open++;
  cell.slice.drawnAtMs = at.monotonicMs;
  return { index, cell, amount };
}
