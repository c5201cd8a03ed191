import type { Counter, Hold, StoreNotice } from "../store/store.ts";
import { finite } from "./counter-record.ts";
import type { Slot, Tally } from "./slot.ts";

/** How long the late end of a presumed lease is waited for. */
export const PRESUMED_KEPT_MS: number = 24 * 3_600_000;

/** A hold that was written, and where: the window of the reservation stays the one that is charged. */
export interface HeldSlot {
  /** Whose counter is the one that came last. */
  readonly record: { readonly counter: Counter };
  readonly amount: number;
  readonly slot: Slot;
  readonly tally: Tally;
}

export interface MemoryLease {
  readonly held: readonly HeldSlot[];
  /** Its holds have been charged; kept for a while, so that a late end can correct them. */
  presumed: boolean;
  expiresAtMs: number;
}

/** Adds to a slot and to the window it counts in. */
function move({ slot, tally }: HeldSlot, spent: number, reserved: number): void {
  slot.spent += spent;
  slot.reserved += reserved;
  if (slot === tally || slot.gone) return;
  tally.spent += spent;
  tally.reserved += reserved;
}

/** Writes the holds of a new lease. */
export function hold(held: readonly HeldSlot[]): void {
  for (const one of held) {
    move(one, 0, one.amount);
    one.tally.open++;
    one.tally.leases++;
  }
}

/** Ends a hold: what was held, or presumed, is replaced by what was used. */
export function endHold({ presumed }: MemoryLease, held: HeldSlot, used: number): void {
  held.tally.leases--;
  if (presumed) {
    move(held, used - held.amount, 0);
  } else {
    held.tally.open--;
    move(held, used, -held.amount);
  }
}

/** Waits no longer for the late end of a presumed lease. */
export function forget({ held }: MemoryLease): void {
  for (const { tally } of held) tally.leases--;
}

/** Notices for the thresholds that spend has reached and that were not yet told. */
export function collectCrossed({ record, slot, tally }: HeldSlot, notices: StoreNotice[]): void {
  if (slot.gone) return;
  const { counter } = record;
  const { alertAmounts } = counter;
  for (;;) {
    const amount = alertAmounts[tally.reported];
    if (amount === undefined || tally.spent < amount) return;
    notices.push({
      kind: "crossed",
      counter,
      threshold: tally.reported++,
      spent: tally.spent,
      windowEndMs: finite(tally.endMs),
    });
  }
}

/** Charges what a lease held, because its call never told its end. */
export function presume(leaseId: string, lease: MemoryLease, notices: StoreNotice[]): void {
  for (const held of lease.held) {
    const { record, amount } = held;
    held.tally.open--;
    move(held, amount, -amount);
    if (amount > 0) notices.push({ kind: "presumed", leaseId, counter: record.counter, amount });
    collectCrossed(held, notices);
  }
  lease.presumed = true;
}

/** Whether a lease is asked for again, rather than its id for another call. */
export function holdsSame(lease: MemoryLease, holds: readonly Hold[]): boolean {
  return (
    lease.held.length === holds.length &&
    lease.held.every(({ record: { counter }, amount }, index) => {
      const asked = holds[index];
      return asked?.counter.key === counter.key && asked.amount === amount;
    })
  );
}
