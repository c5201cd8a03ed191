import type { Counter } from "../src/index.ts";
import { TTL_MS } from "../src/testing/store-fixture.ts";

const DAY_MS = 86_400_000;

interface ModelLease {
  readonly day: number;
  readonly holds: readonly (readonly [Counter, number])[];
  presumed: boolean;
  expiresAtMs: number;
}

function dayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS);
}

function inWindow(of: Counter, day: number, nowMs: number): boolean {
  return of.window.kind === "total" || day === dayOf(nowMs);
}

export interface StoreModel {
  spent(of: Counter, nowMs: number): number;
  reserved(of: Counter, nowMs: number): number;
  expire(nowMs: number): void;
  reserve(id: string, holds: ModelLease["holds"], nowMs: number): boolean;
  /** No amounts: released. */
  end(id: string, amounts: readonly number[] | undefined): void;
}

/**
 * The rules of a store for UTC days and totals said once more, in the plainest way: a list of all that
 * ever happened.
 */
export function createStoreModel(): StoreModel {
  const leases = new Map<string, ModelLease>();
  const booked: { counter: Counter; day: number; amount: number }[] = [];
  function spent(of: Counter, nowMs: number): number {
    return booked
      .filter((one) => one.counter === of && inWindow(of, one.day, nowMs))
      .reduce((sum, one) => sum + one.amount, 0);
  }
  function reserved(of: Counter, nowMs: number): number {
    let sum = 0;
    for (const lease of leases.values()) {
      if (lease.presumed || !inWindow(of, lease.day, nowMs)) continue;
      for (const [held, amount] of lease.holds) if (held === of) sum += amount;
    }
    return sum;
  }
  function book(lease: ModelLease, amounts: readonly number[], sign = 1): void {
    for (const [index, [of]] of lease.holds.entries()) {
      booked.push({ counter: of, day: lease.day, amount: sign * (amounts[index] ?? 0) });
    }
  }
  const held = (lease: ModelLease): number[] => lease.holds.map(([, amount]) => amount);

  return {
    spent,
    reserved,
    expire(nowMs: number) {
      for (const [id, lease] of leases) {
        if (lease.expiresAtMs > nowMs) continue;
        if (lease.presumed) {
          leases.delete(id);
          continue;
        }
        lease.presumed = true;
        lease.expiresAtMs = nowMs + DAY_MS;
        book(lease, held(lease));
      }
    },
    reserve(id: string, holds: ModelLease["holds"], nowMs: number): boolean {
      const fits = holds.every(
        ([of, amount]) => spent(of, nowMs) + reserved(of, nowMs) + amount <= of.limit,
      );
      if (fits) {
        const expiresAtMs = nowMs + TTL_MS;
        leases.set(id, { day: dayOf(nowMs), holds, presumed: false, expiresAtMs });
      }
      return fits;
    },
    end(id: string, amounts: readonly number[] | undefined) {
      const lease = leases.get(id);
      if (lease === undefined) return;
      leases.delete(id);
      if (lease.presumed) book(lease, held(lease), -1);
      if (amounts !== undefined) book(lease, amounts);
    },
  };
}
