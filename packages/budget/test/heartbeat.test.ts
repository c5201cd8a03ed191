import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBudgetProcessor, createMemoryStore } from "../src/index.ts";
import { call, dollars, granted, NO_AGGREGATES, now, policy } from "./budget-call.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 4, 12) });
});
afterEach(() => vi.useRealTimers());

const options = { policies: [policy()], aggregates: NO_AGGREGATES };

test("a long stream stays held while its processor does nothing else", async () => {
  const store = createMemoryStore();
  const streaming = createBudgetProcessor({ ...options, store });
  const other = createBudgetProcessor({ ...options, store });
  const stream = granted(now(streaming.reserve(call())));
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(now(other.states())).toMatchObject([{ spent: 0, reserved: 1e9 }]);
  void stream.settle(dollars(0.5));
  expect(now(other.states())).toMatchObject([{ spent: 500_000_000, reserved: 0 }]);
});

test("a processor that has gone leaves its calls charged as held", async () => {
  const store = createMemoryStore();
  const gone = createBudgetProcessor({ ...options, store: { ...store, close() {} } });
  const other = createBudgetProcessor({ ...options, store });
  granted(now(gone.reserve(call())));
  await gone.shutdown();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(now(other.states())).toMatchObject([{ spent: 1e9, reserved: 0 }]);
});

test("no timer runs when no call is under way", async () => {
  const processor = createBudgetProcessor(options);
  void granted(now(processor.reserve(call()))).settle(dollars(1));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(vi.getTimerCount()).toBe(0);
});
