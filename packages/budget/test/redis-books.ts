import { vi } from "vitest";
import type { BudgetStore, Counter, ReserveAnswer } from "../src/index.ts";
import { hold } from "../src/testing/store-fixture.ts";

const TTL_MS = 60_000;

export async function reserveIn(
  store: BudgetStore,
  counter: Counter,
  leaseId: string,
  amount: number,
): Promise<ReserveAnswer> {
  return store.reserve({ leaseId, ttlMs: TTL_MS, holds: [hold(counter, amount)] });
}

/** Spent and reserved of each counter. */
export async function amounts(store: BudgetStore): Promise<readonly number[]> {
  const { states } = await store.states();
  return states.flatMap(({ spent, reserved }) => [spent, reserved]);
}

/** As soon as it is so. */
export function soon<Value>(ask: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(ask, { timeout: 15_000, interval: 50 });
}
