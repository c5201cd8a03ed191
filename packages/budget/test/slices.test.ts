import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BudgetStore, StoreNotice } from "../src/index.ts";
import { counter, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { now as atOnce } from "./budget-call.ts";
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

test("calls that come fast are reserved and settled at once", async () => {
  await bench.keepBusy();
  const heard = bench.far.heard.length;
  for (let count = 0; count < 4; count++) {
    expect(atOnce(bench.ask(`fast-${count}`, [hold(daily, 10)]))).toMatchObject({
      outcome: "granted",
    });
    expect(bench.sliced.settle(`fast-${count}`, [4])).not.toBeInstanceOf(Promise);
  }
  expect(bench.far.heard.length - heard).toBeLessThanOrEqual(1);
});

test("calls that come slowly are asked for one by one, under their own ids", async () => {
  for (let count = 0; count < 20; count++) {
    // oxlint-disable no-await-in-loop -- one after the other
    await bench.ask(`slow-${count}`, [hold(daily, 10)]);
    expect(await bench.shared()).toMatchObject({ reserved: 10 });
    await bench.sliced.settle(`slow-${count}`, [1]);
    await vi.advanceTimersByTimeAsync(STRETCH_MS);
    // oxlint-enable no-await-in-loop
  }
  expect(await bench.shared()).toEqual({ spent: 20, reserved: 0 });
});

test("what was taken is booked while calls go on, and given back when none comes", async () => {
  await bench.keepBusy();
  await bench.keepBusy();
  const { spent, reserved } = await bench.shared();
  expect(spent).toBeGreaterThanOrEqual(18);
  expect(reserved).toBeLessThanOrEqual(100_000 / 16);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared()).toEqual({ spent: 36, reserved: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test("a call that stays under way keeps its hold and nothing more", async () => {
  await bench.keepBusy();
  atOnce(bench.ask("long", [hold(daily, 10)]));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await bench.shared()).toEqual({ spent: 18, reserved: 10 });
  for (let minutes = 0; minutes < 5; minutes += 0.25) {
    // oxlint-disable no-await-in-loop -- time goes on in steps
    await vi.advanceTimersByTimeAsync(15_000);
    await bench.sliced.renew(["long"], TTL_MS);
    // oxlint-enable no-await-in-loop
  }
  expect(await bench.shared()).toEqual({ spent: 18, reserved: 10 });
  await bench.sliced.settle("long", [7]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared()).toEqual({ spent: 25, reserved: 0 });
});

test("a call that nobody renews is presumed by the shared store under its own id, and corrected late", async () => {
  await bench.keepBusy();
  atOnce(bench.ask("lost", [hold(daily, 10)]));
  await vi.advanceTimersByTimeAsync(TTL_MS + STRETCH_MS);
  const notices: StoreNotice[] = [...(await bench.sliced.states()).notices];
  expect(notices).toMatchObject([{ kind: "presumed", leaseId: "lost", amount: 10 }]);
  expect(await bench.shared()).toEqual({ spent: 28, reserved: 0 });
  await bench.sliced.settle("lost", [3]);
  await bench.sliced.settle("lost", [9]);
  expect(await bench.shared()).toEqual({ spent: 21, reserved: 0 });
});

test("one whose hold does not fit twice is presumed and corrected all the same", async () => {
  const tight = counter({ budget: "tight", limit: 1_000 });
  await bench.keepBusy([hold(tight, 10)]);
  atOnce(bench.ask("lost", [hold(tight, 10)]));
  const { reserved, spent } = await bench.shared(tight);
  await bench.memory.reserve({
    leaseId: "other",
    ttlMs: 10 * TTL_MS,
    holds: [hold(tight, 1_000 - reserved - spent)],
  });
  await vi.advanceTimersByTimeAsync(TTL_MS + 1_500);
  const others = 1_000 - reserved - spent;
  expect((await bench.sliced.states()).notices).toMatchObject([
    { kind: "presumed", leaseId: "lost" },
  ]);
  expect(await bench.shared(tight)).toEqual({ spent: 28, reserved: others });
  await bench.sliced.settle("lost", [3]);
  expect(await bench.shared(tight)).toEqual({ spent: 21, reserved: others });
});

test("what a call that moved out had here is for no other call while it is held twice", async () => {
  const tight = counter({ budget: "tight", limit: 1_000 });
  await bench.keepBusy([hold(tight, 10)]);
  for (const id of ["lost", "kept"]) atOnce(bench.ask(id, [hold(tight, 10)]));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await bench.shared(tight)).toEqual({ spent: 18, reserved: 20 });
  const others = 1_000 - 18 - 20;
  await bench.memory.reserve({ leaseId: "o", ttlMs: 9 * TTL_MS, holds: [hold(tight, others)] });
  for (let passedMs = 0; passedMs <= TTL_MS; passedMs += TTL_MS / 4) {
    // oxlint-disable no-await-in-loop -- time goes on in steps
    await bench.sliced.renew(["kept"], TTL_MS);
    await vi.advanceTimersByTimeAsync(TTL_MS / 4);
    // oxlint-enable no-await-in-loop
  }
  expect(await bench.shared(tight)).toMatchObject({ spent: 28 });
  expect(await bench.ask("next", [hold(tight, 10)])).toMatchObject({ outcome: "refused" });
  await bench.sliced.settle("lost", [3]);
  await bench.sliced.settle("kept", [10]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared(tight)).toEqual({ spent: 18 + 3 + 10, reserved: others });
});

test("calls are not carried over to a slice that has no room for them", async () => {
  await bench.keepBusy([hold(daily, 1_000)]);
  // A slice for such calls is taken.
  atOnce(bench.ask("first", [hold(daily, 1_000)]));
  await vi.advanceTimersByTimeAsync(0);
  void bench.sliced.settle("first", [1]);
  atOnce(bench.ask("long", [hold(daily, 10)]));
  // From now on calls take little: the next slice is asked for with little ahead.
  bench.far.held = true;
  for (let count = 0; !bench.far.isWaiting(); count++) {
    atOnce(bench.ask(`small-${count}`, [hold(daily, 10)]));
    void bench.sliced.settle(`small-${count}`, [1]);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await vi.advanceTimersByTimeAsync(STRETCH_MS / 10);
  }
  // While that is on its way, a call takes nearly all that the old one has.
  expect(atOnce(bench.ask("large", [hold(daily, 900)]))).toMatchObject({ outcome: "granted" });
  bench.far.letGo();
  await vi.advanceTimersByTimeAsync(0);
  const { reserved } = await bench.shared();
  expect(reserved).toBeGreaterThanOrEqual(10 + 900);
});

test("asking again for an open call grants it without holding twice, for other holds it is a conflict", async () => {
  await bench.keepBusy();
  const first = atOnce(bench.ask("a", [hold(daily, 10)]));
  expect(first).toMatchObject({ outcome: "granted" });
  expect(atOnce(bench.ask("a", [hold(daily, 10)]))).toEqual(first);
  expect(atOnce(bench.ask("a", [hold(daily, 9)]))).toMatchObject({ outcome: "conflict" });
  void bench.sliced.settle("a", [2]);
  void bench.sliced.settle("a", [8]);
  void bench.sliced.release("a");
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared()).toEqual({ spent: 20, reserved: 0 });
});

test("a call that has a lease of its own is not held a second time when slices come", async () => {
  await bench.ask("early", [hold(daily, 10)]);
  await bench.keepBusy();
  expect(await bench.ask("early", [hold(daily, 10)])).toMatchObject({ outcome: "granted" });
  await bench.sliced.settle("early", [5]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared()).toEqual({ spent: 23, reserved: 0 });
});

test("what a call uses above its hold is booked in full", async () => {
  await bench.keepBusy();
  atOnce(bench.ask("dear", [hold(daily, 10)]));
  void bench.sliced.settle("dear", [70_000]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared()).toEqual({ spent: 70_018, reserved: 0 });
});

test.each([-1, 0.5, Number.NaN])(
  "an amount of %d is refused and the call stays open",
  async (amount) => {
    await bench.keepBusy();
    atOnce(bench.ask("a", [hold(daily, 10)]));
    expect(() => bench.sliced.settle("a", [amount])).toThrow(RangeError);
    void bench.sliced.settle("a", [1]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await bench.shared()).toEqual({ spent: 19, reserved: 0 });
  },
);

test("a process's own slices never cause a refusal", async () => {
  const small = counter({ budget: "small", limit: 1_000 });
  await bench.keepBusy([hold(small, 10)]);
  atOnce(bench.ask("under way", [hold(small, 10)]));
  expect((await bench.shared(small)).reserved).toBeGreaterThan(10);
  const left = 1_000 - 18 - 10;
  expect(await bench.ask("too much", [hold(small, left + 1)])).toMatchObject({
    outcome: "refused",
    refusals: [{ remaining: left }],
  });
  expect(await bench.ask("all", [hold(small, left)])).toMatchObject({
    outcome: "granted",
    remaining: [0],
  });
});

test("holds that are never refused pass over the limit, and are booked", async () => {
  const warned = counter({ budget: "warned", limit: 30 });
  await bench.keepBusy([hold(warned, 10, "never")], 10);
  await bench.keepBusy([hold(warned, 10, "never")], 10);
  expect(atOnce(bench.ask("over", [hold(warned, 10, "never")]))).toMatchObject({
    outcome: "granted",
  });
  void bench.sliced.settle("over", [10]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared(warned)).toEqual({ spent: 370, reserved: 0 });
});

test("a hold on unspent is refused once the limit is spent", async () => {
  const advisory = counter({ budget: "advisory", limit: 1_000 });
  const holds = [hold(advisory, 0, "unspent")];
  await bench.keepBusy(holds);
  expect(atOnce(bench.ask("first", holds))).toMatchObject({ outcome: "granted" });
  void bench.sliced.settle("first", [2]);
  expect(atOnce(bench.ask("last", holds))).toMatchObject({ outcome: "granted" });
  void bench.sliced.settle("last", [980]);
  expect(await bench.ask("next", holds)).toMatchObject({ outcome: "refused" });
});

test("dry runs are answered at once where there is room, and exactly where there is not", async () => {
  await bench.keepBusy();
  const { sliced } = bench;
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

test("spend belongs to the day in which it was admitted", async () => {
  vi.setSystemTime(Date.UTC(2026, 2, 4, 23, 59, 59, 100));
  await bench.keepBusy();
  atOnce(bench.ask("late", [hold(daily, 10)]));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await bench.shared()).toEqual({ spent: 0, reserved: 0 });
  void bench.sliced.settle("late", [6]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await bench.shared()).toEqual({ spent: 0, reserved: 0 });
  vi.setSystemTime(Date.UTC(2026, 2, 4, 23, 59, 59));
  await bench.memory.reserve({ leaseId: "look", ttlMs: 1, holds: [hold(daily, 0)] });
  expect(await bench.shared()).toMatchObject({ spent: 24 });
});

test("closing settles everything, what is under way as held", async () => {
  await bench.keepBusy();
  atOnce(bench.ask("a", [hold(daily, 10)]));
  await bench.sliced.close();
  expect(await bench.shared()).toEqual({ spent: 28, reserved: 0 });
});
