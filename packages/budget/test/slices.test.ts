import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  createBudgetProcessor,
  createMemoryStore,
  type BudgetStore,
  type Counter,
  type Hold,
  type ReserveAnswer,
  type StoreNotice,
} from "../src/index.ts";
import { createSlicedStore } from "../src/slices/index.ts";
import { counter, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { call, dollars, granted, NO_AGGREGATES, policy, refusal } from "./budget-call.ts";
import { createFarStore, type FarStore } from "./far-store.ts";

const STRETCH_MS = 250;
const daily = counter({ limit: 100_000 });

let memory: BudgetStore;
let far: FarStore;
let sliced: BudgetStore;
let calls = 0;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 4, 12) });
  memory = createMemoryStore();
  far = createFarStore(memory);
  sliced = createSlicedStore(far);
});
afterEach(async () => {
  far.broken = false;
  await sliced.close();
  vi.useRealTimers();
});

function ask(
  id: string,
  holds: readonly Hold[],
  store: BudgetStore = sliced,
): ReserveAnswer | Promise<ReserveAnswer> {
  return store.reserve({ leaseId: id, ttlMs: TTL_MS, holds });
}

/** Calls that come fast, each used up to the given amount, until slices answer them. */
async function keepBusy(
  holds: readonly Hold[] = [hold(daily, 10)],
  used = 1,
  store: BudgetStore = sliced,
): Promise<void> {
  for (let stretch = 0; stretch < 3; stretch++) {
    for (let count = 0; count < 6; count++) {
      const id = `busy-${++calls}`;
      // oxlint-disable no-await-in-loop -- one after the other
      const { outcome } = await ask(id, holds, store);
      expect(outcome).toBe("granted");
      await store.settle(
        id,
        holds.map(() => used),
      );
    }
    await vi.advanceTimersByTimeAsync(STRETCH_MS);
    // oxlint-enable no-await-in-loop
  }
}

function atOnce(answer: ReserveAnswer | Promise<ReserveAnswer>): ReserveAnswer {
  if (answer instanceof Promise) throw new Error("expected an answer at once");
  return answer;
}

async function shared(of: Counter = daily): Promise<{ spent: number; reserved: number }> {
  const { states } = await memory.states();
  const { spent = 0, reserved = 0 } = states.find((one) => one.counter.key === of.key) ?? {};
  return { spent, reserved };
}

test("calls that come fast are reserved and settled at once", async () => {
  await keepBusy();
  const heard = far.heard.length;
  for (let count = 0; count < 4; count++) {
    expect(atOnce(ask(`fast-${count}`, [hold(daily, 10)]))).toMatchObject({ outcome: "granted" });
    expect(sliced.settle(`fast-${count}`, [4])).not.toBeInstanceOf(Promise);
  }
  expect(far.heard.length - heard).toBeLessThanOrEqual(1);
});

test("calls that come slowly are asked for one by one, under their own ids", async () => {
  for (let count = 0; count < 20; count++) {
    // oxlint-disable no-await-in-loop -- one after the other
    await ask(`slow-${count}`, [hold(daily, 10)]);
    expect(await shared()).toMatchObject({ reserved: 10 });
    await sliced.settle(`slow-${count}`, [1]);
    await vi.advanceTimersByTimeAsync(STRETCH_MS);
    // oxlint-enable no-await-in-loop
  }
  expect(await shared()).toEqual({ spent: 20, reserved: 0 });
});

test("what was taken is booked while calls go on, and given back when none comes", async () => {
  await keepBusy();
  await keepBusy();
  const { spent, reserved } = await shared();
  expect(spent).toBeGreaterThanOrEqual(18);
  expect(reserved).toBeLessThanOrEqual(100_000 / 16);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 36, reserved: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test("a call that stays under way keeps its hold and nothing more", async () => {
  await keepBusy();
  atOnce(ask("long", [hold(daily, 10)]));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await shared()).toEqual({ spent: 18, reserved: 10 });
  for (let minutes = 0; minutes < 5; minutes += 0.25) {
    // oxlint-disable no-await-in-loop -- time goes on in steps
    await vi.advanceTimersByTimeAsync(15_000);
    await sliced.renew(["long"], TTL_MS);
    // oxlint-enable no-await-in-loop
  }
  expect(await shared()).toEqual({ spent: 18, reserved: 10 });
  await sliced.settle("long", [7]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 25, reserved: 0 });
});

test("a call that nobody renews is presumed by the shared store under its own id, and corrected late", async () => {
  await keepBusy();
  atOnce(ask("lost", [hold(daily, 10)]));
  await vi.advanceTimersByTimeAsync(TTL_MS + STRETCH_MS);
  const notices: StoreNotice[] = [...(await sliced.states()).notices];
  expect(notices).toMatchObject([{ kind: "presumed", leaseId: "lost", amount: 10 }]);
  expect(await shared()).toEqual({ spent: 28, reserved: 0 });
  await sliced.settle("lost", [3]);
  await sliced.settle("lost", [9]);
  expect(await shared()).toEqual({ spent: 21, reserved: 0 });
});

test("one whose hold does not fit twice is charged as held all the same", async () => {
  const tight = counter({ budget: "tight", limit: 1_000 });
  await keepBusy([hold(tight, 10)]);
  atOnce(ask("lost", [hold(tight, 10)]));
  const { reserved, spent } = await shared(tight);
  await memory.reserve({
    leaseId: "other",
    ttlMs: 10 * TTL_MS,
    holds: [hold(tight, 1_000 - reserved - spent)],
  });
  await vi.advanceTimersByTimeAsync(TTL_MS + 1_500);
  const others = 1_000 - reserved - spent;
  expect(await shared(tight)).toEqual({ spent: 28, reserved: others });
  expect((await sliced.states()).notices).toMatchObject([{ kind: "presumed", leaseId: "lost" }]);
});

test("asking again for an open call grants it without holding twice, for other holds it is a conflict", async () => {
  await keepBusy();
  const { remaining } = atOnce(ask("a", [hold(daily, 10)])) as { remaining: readonly number[] };
  expect(atOnce(ask("a", [hold(daily, 10)]))).toMatchObject({ outcome: "granted", remaining });
  expect(atOnce(ask("a", [hold(daily, 9)]))).toMatchObject({ outcome: "conflict" });
  void sliced.settle("a", [2]);
  void sliced.settle("a", [8]);
  void sliced.release("a");
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 20, reserved: 0 });
});

test("a call that has a lease of its own is not held a second time when slices come", async () => {
  await ask("early", [hold(daily, 10)]);
  await keepBusy();
  expect(await ask("early", [hold(daily, 10)])).toMatchObject({ outcome: "granted" });
  await sliced.settle("early", [5]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 23, reserved: 0 });
});

test("what a call uses above its hold is booked in full", async () => {
  await keepBusy();
  atOnce(ask("dear", [hold(daily, 10)]));
  void sliced.settle("dear", [70_000]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 70_018, reserved: 0 });
});

test.each([-1, 0.5, Number.NaN])("an amount of %d is refused and the call stays open", async (amount) => {
  await keepBusy();
  atOnce(ask("a", [hold(daily, 10)]));
  expect(() => sliced.settle("a", [amount])).toThrow(RangeError);
  void sliced.settle("a", [1]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 19, reserved: 0 });
});

test("a process's own slices never cause a refusal", async () => {
  const small = counter({ budget: "small", limit: 1_000 });
  await keepBusy([hold(small, 10)]);
  atOnce(ask("under way", [hold(small, 10)]));
  expect((await shared(small)).reserved).toBeGreaterThan(10);
  const left = 1_000 - 18 - 10;
  expect(await ask("too much", [hold(small, left + 1)])).toMatchObject({
    outcome: "refused",
    refusals: [{ remaining: left }],
  });
  expect(await ask("all", [hold(small, left)])).toMatchObject({
    outcome: "granted",
    remaining: [0],
  });
});

test("holds that are never refused pass over the limit, and are booked", async () => {
  const warned = counter({ budget: "warned", limit: 30 });
  await keepBusy([hold(warned, 10, "never")], 10);
  await keepBusy([hold(warned, 10, "never")], 10);
  expect(atOnce(ask("over", [hold(warned, 10, "never")]))).toMatchObject({ outcome: "granted" });
  void sliced.settle("over", [10]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared(warned)).toEqual({ spent: 370, reserved: 0 });
});

test("a hold on unspent is refused once the limit is spent", async () => {
  const advisory = counter({ budget: "advisory", limit: 1_000 });
  const holds = [hold(advisory, 0, "unspent")];
  await keepBusy(holds);
  expect(atOnce(ask("last", holds))).toMatchObject({ outcome: "granted" });
  void sliced.settle("last", [982]);
  expect(await ask("next", holds)).toMatchObject({ outcome: "refused" });
});

test("dry runs are answered at once where there is room, and exactly where there is not", async () => {
  await keepBusy();
  const dryRun = (amount: number): ReturnType<BudgetStore["reserve"]> =>
    sliced.reserve({ leaseId: "dry", ttlMs: TTL_MS, holds: [hold(daily, amount)], dryRun: true });
  expect(atOnce(dryRun(10))).toMatchObject({ outcome: "granted" });
  const left = 100_000 - 18;
  expect(await dryRun(left)).toMatchObject({ outcome: "granted", remaining: [0] });
  expect(await dryRun(left + 1)).toMatchObject({
    outcome: "refused",
    refusals: [{ remaining: left }],
  });
});

test("a freeze by this process counts at once, one by another within a second", async () => {
  const [key = ""] = daily.controls;
  await keepBusy();
  void sliced.control(key, { frozen: true });
  expect(await ask("a", [hold(daily, 1)])).toMatchObject({ refusals: [{ frozen: true }] });
  await sliced.control(key, undefined);
  await keepBusy();
  await memory.control(key, { frozen: true });
  atOnce(ask("b", [hold(daily, 1)]));
  await vi.advanceTimersByTimeAsync(1_001);
  expect(await ask("c", [hold(daily, 1)])).toMatchObject({ refusals: [{ frozen: true }] });
});

test("what is frozen is not spent from slices while the shared store is away", async () => {
  await keepBusy();
  await sliced.control(daily.controls[0] ?? "", { frozen: true });
  far.broken = true;
  await expect(ask("a", [hold(daily, 1)])).rejects.toThrow("connection refused");
});

test("a threshold is told once, to a listener, without waiting for another call", async () => {
  const watched = counter({ budget: "watched", limit: 10_000, alertAmounts: [30] });
  const told: StoreNotice[] = [];
  sliced.listen?.(({ notices }) => void told.push(...notices));
  await keepBusy([hold(watched, 10)]);
  atOnce(ask("a", [hold(watched, 10)]));
  void sliced.settle("a", [40]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(told).toMatchObject([{ kind: "crossed", threshold: 0, spent: 58 }]);
});

test("what was taken is spent while the shared store is away, then operations reject", async () => {
  await keepBusy();
  far.broken = true;
  let count = 0;
  const spend = async (): Promise<void> => {
    for (; count < 10_000; count++) {
      // oxlint-disable-next-line no-await-in-loop -- until it is used up
      await ask(`away-${count}`, [hold(daily, 10)]);
      void sliced.settle(`away-${count}`, [10]);
    }
  };
  await expect(spend()).rejects.toThrow("connection refused");
  expect(count).toBeGreaterThan(0);
  far.broken = false;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await shared()).toEqual({ spent: 18 + 10 * count, reserved: 0 });
});

test("spend belongs to the day in which it was admitted", async () => {
  vi.setSystemTime(Date.UTC(2026, 2, 4, 23, 59, 59, 100));
  await keepBusy();
  atOnce(ask("late", [hold(daily, 10)]));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await shared()).toEqual({ spent: 0, reserved: 0 });
  void sliced.settle("late", [6]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await shared()).toEqual({ spent: 0, reserved: 0 });
  vi.setSystemTime(Date.UTC(2026, 2, 4, 23, 59, 59));
  await memory.reserve({ leaseId: "look", ttlMs: 1, holds: [hold(daily, 0)] });
  expect(await shared()).toMatchObject({ spent: 24 });
});

test("closing settles everything, what is under way as held", async () => {
  await keepBusy();
  atOnce(ask("a", [hold(daily, 10)]));
  await sliced.close();
  expect(await shared()).toEqual({ spent: 28, reserved: 0 });
});

test("bounded budgets spend what was taken and are refused then, others as their policy says", async () => {
  const open = (onStoreError: "bounded" | "open", store: BudgetStore) =>
    createBudgetProcessor({
      store,
      aggregates: NO_AGGREGATES,
      policies: [policy({ limit: { usd: 10_000 }, onStoreError })],
    });
  const bounded = open("bounded", sliced);
  for (let stretch = 0; stretch < 3; stretch++) {
    for (let count = 0; count < 6; count++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await granted(await bounded.reserve(call())).settle(dollars(1));
    }
    // oxlint-disable-next-line no-await-in-loop
    await vi.advanceTimersByTimeAsync(STRETCH_MS);
  }
  far.broken = true;
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

  const lenient = open("open", createSlicedStore(far));
  expect(await lenient.reserve(call())).toMatchObject({ granted: true });
});
