import type { Hold, StoreNotice } from "../store/store.ts";
import type { Family } from "./family.ts";
import type { Cell, Portion, Slice } from "./slice.ts";

/** A call that was admitted on slices. */
export interface LocalLease {
  readonly id: string;
  readonly holds: readonly Hold[];
  readonly family: Family;
  /** In the order of the holds; each has one at least. */
  readonly portions: readonly Portion[];
  /** Milliseconds since the epoch. */
  expiresAtMs: number;
  /** It is being given its own lease in the shared store. */
  moving: boolean;
}

/** The calls under way that no lease of their own stands for in the shared store. */
export interface LocalLeases {
  find(id: string): LocalLease | undefined;
  add(lease: LocalLease): void;
  /** Replaces the holds by what was used. @param used - in the order of the holds; `undefined` is nothing. */
  end(lease: LocalLease, used: readonly number[] | undefined): void;
  /** It has a lease of its own now. What it held here is for no other call: it is there a second time. */
  moveOut(lease: LocalLease): void;
  /** @returns whether it is one of them. */
  renew(id: string, expiresAtMs: number): boolean;
  /** Those that were not renewed in time. */
  expired(nowMs: number): readonly LocalLease[];
  /** Takes what calls have drawn on a slice over to other cells, one for each counter. */
  carry(from: Slice, to: Slice): void;
}

const NONE: readonly LocalLease[] = [];

export function createLocalLeases(): LocalLeases {
  const leases = new Map<string, LocalLease>();
  /** No lease expires before. */
  let nextExpiryMs = Number.POSITIVE_INFINITY;

  function end(lease: LocalLease, used: readonly number[] | undefined): void {
    leases.delete(lease.id);
    const { portions } = lease;
    let left = 0;
    for (let at = 0; at < portions.length; at++) {
      const portion = portions[at];
      if (portion === undefined) continue;
      const { index, cell, amount } = portion;
      if (index !== portions[at - 1]?.index) left = usedOf(lease, index, used);
      // The last one bears what the call used above its hold.
      const booked = index === portions[at + 1]?.index ? Math.min(left, amount) : left;
      left -= booked;
      cell.reserved -= amount;
      cell.spent += booked;
      cell.slice.open--;
    }
  }

  return {
    find: (id) => leases.get(id),
    add(lease) {
      leases.set(lease.id, lease);
      nextExpiryMs = Math.min(nextExpiryMs, lease.expiresAtMs);
    },
    end,
    moveOut(lease) {
      for (const { cell, amount } of lease.portions) cell.held -= amount;
      end(lease, undefined);
    },
    renew(id, expiresAtMs) {
      const lease = leases.get(id);
      if (lease === undefined) return false;
      lease.expiresAtMs = expiresAtMs;
      return true;
    },
    expired(nowMs) {
      if (nowMs < nextExpiryMs) return NONE;
      nextExpiryMs = Number.POSITIVE_INFINITY;
      const found: LocalLease[] = [];
      for (const lease of leases.values()) {
        if (lease.expiresAtMs <= nowMs && !lease.moving) found.push(lease);
        else nextExpiryMs = Math.min(nextExpiryMs, lease.expiresAtMs);
      }
      return found;
    },
    carry(from, to) {
      const cells = new Map<Cell, Cell>();
      for (const cell of from.cells) {
        const target = to.cells.find(({ pool }) => pool === cell.pool);
        if (target !== undefined) cells.set(cell, target);
      }
      for (const { portions } of leases.values()) {
        for (const portion of portions) {
          const target = cells.get(portion.cell);
          if (target === undefined) continue;
          portion.cell.reserved -= portion.amount;
          target.reserved += portion.amount;
          portion.cell = target;
          from.open--;
          to.open++;
        }
      }
    },
  };
}

function usedOf({ holds }: LocalLease, index: number, used: readonly number[] | undefined): number {
  return used === undefined ? 0 : (used[index] ?? holds[index]?.amount ?? 0);
}

export function holdsSame({ holds }: LocalLease, asked: readonly Hold[]): boolean {
  return (
    holds.length === asked.length &&
    holds.every(
      ({ counter, amount }, index) =>
        counter.key === asked[index]?.counter.key && amount === asked[index].amount,
    )
  );
}

/** The notices of calls that never told their end, for what they held. */
export function presumedNotices({ id, holds }: LocalLease): StoreNotice[] {
  return holds.flatMap(({ counter, amount }) =>
    amount > 0 ? [{ kind: "presumed" as const, leaseId: id, counter, amount }] : [],
  );
}
