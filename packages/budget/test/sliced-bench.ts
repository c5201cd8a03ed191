import { vi } from "vitest";
import {
  createMemoryStore,
  type BudgetStore,
  type Counter,
  type Hold,
  type MaybePromise,
  type ReserveAnswer,
} from "../src/index.ts";
import { createSlicedStore } from "../src/slices/index.ts";
import { counter, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { createFarStore, type FarStore } from "./far-store.ts";

/** In stretches of this length calls are counted. */
export const STRETCH_MS = 250;
export const daily: Counter = counter({ limit: 100_000 });

/** A sliced store, and what is in the shared store below it. */
export interface SlicedBench {
  readonly memory: BudgetStore;
  /** The way to the memory. */
  readonly far: FarStore;
  readonly sliced: BudgetStore;
  ask(id: string, holds: readonly Hold[]): MaybePromise<ReserveAnswer>;
  /** Calls that come fast, until slices answer them; 18 times `used` is spent. On Vitest's timers. */
  keepBusy(holds?: readonly Hold[], used?: number): Promise<void>;
  /** What the shared store has of a counter. */
  shared(of?: Counter): Promise<{ readonly spent: number; readonly reserved: number }>;
}

export function openSlicedBench(): SlicedBench {
  const memory = createMemoryStore();
  const far = createFarStore(memory);
  const sliced = createSlicedStore(far);
  let calls = 0;

  async function callOnce(holds: readonly Hold[], used: number): Promise<void> {
    const id = `busy-${++calls}`;
    const { outcome } = await ask(id, holds);
    if (outcome !== "granted") throw new Error(`${id} was ${outcome}`);
    await sliced.settle(
      id,
      holds.map(() => used),
    );
  }

  function ask(leaseId: string, holds: readonly Hold[]): MaybePromise<ReserveAnswer> {
    return sliced.reserve({ leaseId, ttlMs: TTL_MS, holds });
  }

  return {
    memory,
    far,
    sliced,
    ask,
    async keepBusy(holds = [hold(daily, 10)], used = 1) {
      for (let stretch = 0; stretch < 3; stretch++) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        for (let count = 0; count < 6; count++) await callOnce(holds, used);
        // oxlint-disable-next-line no-await-in-loop
        await vi.advanceTimersByTimeAsync(STRETCH_MS);
      }
    },
    async shared(of = daily) {
      const { states } = await memory.states();
      const { spent = 0, reserved = 0 } = states.find((one) => one.counter.key === of.key) ?? {};
      return { spent, reserved };
    },
  };
}
