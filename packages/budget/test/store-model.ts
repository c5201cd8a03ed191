import type { Control, Counter } from "../src/index.ts";
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
  fits(holds: ModelLease["holds"], nowMs: number): boolean;
  reserve(id: string, holds: ModelLease["holds"], nowMs: number): boolean;
  topUp(id: string, of: Counter, amount: number, nowMs: number): void;
  /** By key; `undefined` takes away. */
  control(key: string, control: Control | undefined): void;
  /** No amounts: released. */
  end(id: string, amounts: readonly number[] | undefined): void;
}

/**
 * The rules of a store for UTC days and totals said once more, in the plainest way: a list of all that
 * ever happened.
 */
export function createStoreModel(): StoreModel {
  const leases = new Map<string, ModelLease>();
  const extras: { id: string; counter: Counter; day: number; amount: number; atMs: number }[] = [];
  const controls = new Map<string, Control>();
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
  function room(of: Counter, nowMs: number): number {
    let { limit } = of;
    for (const key of of.controls) {
      const control = controls.get(key);
      if (control === undefined || (control.untilMs ?? Infinity) <= nowMs) continue;
      if (control.frozen === true) return -1;
      limit = control.limit ?? limit;
    }
    for (const extra of extras) {
      if (extra.counter === of && inWindow(of, extra.day, nowMs)) limit += extra.amount;
    }
    return limit - spent(of, nowMs) - reserved(of, nowMs);
  }
  const fits = (holds: ModelLease["holds"], nowMs: number): boolean =>
    holds.every(([of, amount]) => amount <= room(of, nowMs));
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
      const granted = fits(holds, nowMs);
      if (granted) {
        const expiresAtMs = nowMs + TTL_MS;
        leases.set(id, { day: dayOf(nowMs), holds, presumed: false, expiresAtMs });
      }
      return granted;
    },
    fits,
    topUp(id, counter, amount, atMs) {
      if (extras.some((one) => one.id === id && atMs - one.atMs < DAY_MS)) return;
      extras.push({ id, counter, day: dayOf(atMs), amount, atMs });
    },
    control(key, control) {
      if (control === undefined) controls.delete(key);
      else controls.set(key, control);
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
