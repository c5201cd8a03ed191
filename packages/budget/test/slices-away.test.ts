import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  createBudgetProcessor,
  type BudgetProcessor,
  type BudgetStore,
  type StoreNotice,
} from "../src/index.ts";
import { createSlicedStore } from "../src/slices/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
import {
  call,
  dollars,
  granted,
  NO_AGGREGATES,
  now as atOnce,
  policy,
  refusal,
} from "./budget-call.ts";
import { daily, openSlicedBench, STRETCH_MS, type SlicedBench } from "./sliced-bench.ts";

let bench: SlicedBench;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 4, 12) });
  bench = openSlicedBench();
});
afterEach(async () => {
  bench.far.broken = false;
  await bench.sliced.close();
  vi.useRealTimers();
});

function open(onStoreError: "bounded" | "open", store: BudgetStore): BudgetProcessor {
  return createBudgetProcessor({
    store,
    aggregates: NO_AGGREGATES,
    policies: [policy({ limit: { usd: 10_000 }, onStoreError })],
  });
}

test("a freeze by this process counts at once, one by another within a second", async () => {
  const [key = ""] = daily.controls;
  await bench.keepBusy();
  void bench.sliced.control(key, { frozen: true });
  expect(await bench.ask("a", [hold(daily, 1)])).toMatchObject({ refusals: [{ frozen: true }] });
  await bench.sliced.control(key, undefined);
  await bench.keepBusy();
  await bench.memory.control(key, { frozen: true });
  atOnce(bench.ask("b", [hold(daily, 1)]));
  await vi.advanceTimersByTimeAsync(1_001);
  expect(await bench.ask("c", [hold(daily, 1)])).toMatchObject({ refusals: [{ frozen: true }] });
});

test("what is frozen is not spent from slices while the shared store is away", async () => {
  await bench.keepBusy();
  await bench.sliced.control(daily.controls[0] ?? "", { frozen: true });
  bench.far.broken = true;
  await expect(bench.ask("a", [hold(daily, 1)])).rejects.toThrow("connection refused");
});

test("a threshold is told once, to a listener, without waiting for another call", async () => {
  const watched = counter({ budget: "watched", limit: 10_000, alertAmounts: [30] });
  const told: StoreNotice[] = [];
  bench.sliced.listen?.(({ notices }) => void told.push(...notices));
  await bench.keepBusy([hold(watched, 10)]);
  atOnce(bench.ask("a", [hold(watched, 10)]));
  void bench.sliced.settle("a", [40]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(told).toMatchObject([{ kind: "crossed", threshold: 0, spent: 58 }]);
});

test("what was taken is spent while the shared store is away, then operations reject", async () => {
  await bench.keepBusy();
  bench.far.broken = true;
  let count = 0;
  const spend = async (): Promise<void> => {
    for (; count < 10_000; count++) {
      // oxlint-disable-next-line no-await-in-loop -- until it is used up
      await bench.ask(`away-${count}`, [hold(daily, 10)]);
      void bench.sliced.settle(`away-${count}`, [10]);
    }
  };
  await expect(spend()).rejects.toThrow("connection refused");
  expect(count).toBeGreaterThan(0);
  bench.far.broken = false;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await bench.shared()).toEqual({ spent: 18 + 10 * count, reserved: 0 });
});

test("bounded budgets spend what was taken and are refused then, others as their policy says", async () => {
  const bounded = open("bounded", bench.sliced);
  for (let stretch = 0; stretch < 3; stretch++) {
    for (let count = 0; count < 6; count++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await granted(await bounded.reserve(call())).settle(dollars(1));
    }
    // oxlint-disable-next-line no-await-in-loop
    await vi.advanceTimersByTimeAsync(STRETCH_MS);
  }
  bench.far.broken = true;
  let spent = 0;
  let decision = await bounded.reserve(call());
  for (; decision.granted; spent++) {
    void decision.lease.settle(dollars(1));
    // oxlint-disable-next-line no-await-in-loop -- until it is refused
    decision = await bounded.reserve(call());
  }
  expect(spent).toBeGreaterThan(0);
  expect(spent).toBeLessThan(10_000 / 16);
  expect(refusal(decision)).toMatchObject({ reason: "store_unavailable" });

  const lenient = open("open", createSlicedStore(bench.far));
  expect(await lenient.reserve(call())).toMatchObject({ granted: true });
});

test("the processor alerts when a slice is settled, without waiting for another call", async () => {
  const processor = createBudgetProcessor({
    store: bench.sliced,
    aggregates: NO_AGGREGATES,
    policies: [policy({ limit: { requests: 1_000 }, alertAt: [2] })],
  });
  const alerts: number[] = [];
  processor.onAlert(({ threshold }) => void alerts.push(threshold));
  for (let count = 0; count < 21; count++) {
    // oxlint-disable no-await-in-loop -- one after the other
    if (count % 7 === 0) await vi.advanceTimersByTimeAsync(STRETCH_MS);
    await granted(await processor.reserve(call())).settle(dollars(1));
    // oxlint-enable no-await-in-loop
  }
  await vi.advanceTimersByTimeAsync(1_500);
  expect(alerts).toEqual([2]);
});
