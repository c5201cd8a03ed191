import type { BudgetAlert } from "@tollgate/budget";
import { BUDGET_EXCEEDED_CODE } from "@tollgate/core";
import { expect, test } from "vitest";
import { START_MS } from "../dialects/records.ts";
import { openPipeline, POLICIES } from "./open-pipeline.ts";
import { CALL_NANO_USD, callSpan, claudeLog } from "./told.ts";

const DAY_MS = 86_400_000;
const DAILY = {
  id: "daily",
  match: {},
  limit: { usd: 1 },
  window: "day",
  timezone: "UTC",
} as const;

test("what is late is in the sums of its time, and not charged to the window of now", async () => {
  const pipeline = await openPipeline({ policies: [...POLICIES, DAILY] });
  const startMs = START_MS - DAY_MS;
  await pipeline.spans([callSpan(1, { startMs, endMs: startMs + 1_000 }), callSpan(2)]);
  await pipeline.settle();
  const days = await pipeline.ledger.series({ step: "day" });
  expect(days[0]?.points.map(({ timeMs, costNanoUsd }) => [timeMs, costNanoUsd])).toEqual([
    [Date.UTC(2026, 10, 28), CALL_NANO_USD],
    [Date.UTC(2026, 10, 29), CALL_NANO_USD],
  ]);
  const states = await pipeline.budget.states();
  expect(states.find(({ budget }) => budget === "daily")?.spent).toBe(CALL_NANO_USD);
  // A budget without an end counts both.
  expect(await pipeline.spent()).toMatchObject({ nanoUsd: 2 * CALL_NANO_USD });
});

test("a price that the sender says counts in place of ours", async () => {
  const pipeline = await openPipeline();
  await pipeline.logs([claudeLog(1)]);
  await pipeline.settle();
  const { events } = await pipeline.ledger.events({}, {});
  expect(events).toMatchObject([{ cost: { totalNanoUsd: 10_000_000, priceSource: "sender" } }]);
  expect(await pipeline.spent()).toMatchObject({ nanoUsd: 10_000_000 });
});

test("a call without a price is one, and never of price 0", async () => {
  const pipeline = await openPipeline();
  await pipeline.spans([callSpan(1, { more: { "gen_ai.request.model": "house-model-7" } })]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({
    events: 1,
    unpricedEvents: 1,
    costNanoUsd: 0,
    inputTokens: 1_000,
  });
  const { events } = await pipeline.ledger.events({}, {});
  expect(events[0]?.cost.totalNanoUsd).toBeUndefined();
  expect(await pipeline.spent()).toEqual({ nanoUsd: 0, tokens: 1_500, requests: 1 });
});

test("a call that failed without usage costs nothing, and is a request", async () => {
  const pipeline = await openPipeline();
  const more = {
    "gen_ai.usage.input_tokens": undefined,
    "gen_ai.usage.output_tokens": undefined,
    "error.type": "429",
  };
  await pipeline.spans([callSpan(1, { more, statusCode: 2 })]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ events: 1, failedEvents: 1, costNanoUsd: 0 });
  expect(await pipeline.spent()).toEqual({ nanoUsd: 0, tokens: 0, requests: 1 });
});

test("what a budget refused in the app is kept, and costs nothing", async () => {
  const pipeline = await openPipeline();
  const more = {
    "tollgate.call.id": "call-1",
    "gen_ai.usage.input_tokens": undefined,
    "gen_ai.usage.output_tokens": undefined,
    "error.type": BUDGET_EXCEEDED_CODE,
  };
  await pipeline.spans([callSpan(1, { more, statusCode: 2 })]);
  await pipeline.settle();
  const { events } = await pipeline.ledger.events({}, {});
  expect(events).toMatchObject([{ outcome: "refused", cost: { totalNanoUsd: 0 } }]);
  expect(await pipeline.spent()).toEqual({ nanoUsd: 0, tokens: 0, requests: 0 });
});

test("thresholds are crossed once, and alerts say so", async () => {
  const limit = { usd: (10 * CALL_NANO_USD) / 1e9 };
  const alertAt = [50, 80];
  const small = { id: "small", match: {}, limit, window: "total", alertAt } as const;
  const pipeline = await openPipeline({ policies: [small] });
  const alerts: BudgetAlert[] = [];
  pipeline.budget.onAlert((alert) => alerts.push(alert));
  for (const count of [4, 2, 1, 2]) {
    const from = 100 * alerts.length + count;
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    await pipeline.spans(
      Array.from({ length: count }, (_, index) =>
        callSpan(1 + from * 10 + index, { startMs: pipeline.clock.now() }),
      ),
    );
    // oxlint-disable-next-line no-await-in-loop
    await pipeline.settle();
  }
  expect(alerts.map(({ budget, threshold }) => [budget, threshold])).toEqual([
    ["small", 50],
    ["small", 80],
  ]);
});
