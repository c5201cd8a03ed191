import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type RedisServer } from "@tollgate/testkit";
import { createMemoryStore, type BudgetStore, type Counter } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { counter, createHandClock, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { PROOF_TIMEOUT_MS, scale } from "./proof.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 4, 12);

const COUNTERS: readonly Counter[] = [
  counter({ budget: "day", alertAmounts: [50, 80] }),
  counter({ budget: "total", limit: 250, window: { kind: "total" }, alertAmounts: [100] }),
  counter({ budget: "rolling", window: { kind: "rolling", durationMs: HOUR_MS, buckets: 4 } }),
  counter({ budget: "task", limit: 120, window: { kind: "task", idleMs: HOUR_MS } }),
];

const amounts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 4, maxLength: 4 });
const lease = fc.nat(20);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ reserve: amounts, check: fc.constantFrom("fit", "unspent") }),
  },
  { weight: 4, arbitrary: fc.record({ settle: lease, amounts }) },
  { weight: 1, arbitrary: fc.record({ release: lease }) },
  { weight: 1, arbitrary: fc.record({ topUp: fc.nat(5), of: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      waitMs: fc.constantFrom(1_000, TTL_MS / 2, TTL_MS, HOUR_MS / 4, HOUR_MS, 24 * HOUR_MS),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

describeWithServer("redis", "Redis beside the memory store", () => {
  let redis: RedisServer;
  let namespaces = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test(
    "gives its answers and its states over any sequence",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
          const clock = createHandClock(START);
          const shared = openRedisStore({
            url: redis.url,
            clock,
            pauseMs: 0,
            timeoutMs: 10_000,
            namespace: `model-${namespaces++}`,
          });
          const memory = createMemoryStore({ clock });
          try {
            for (const [index, one] of steps.entries()) {
              if ("waitMs" in one) clock.advance(one.waitMs);
              // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
              expect(await play(shared, one, index)).toEqual(await play(memory, one, index));
            }
          } finally {
            await shared.close();
          }
        }),
        { numRuns: scale(150, 3_000) },
      );
    },
    PROOF_TIMEOUT_MS,
  );
});

/** Leases that expire together are found by name here and by age there: both orders are one. */
function idOf(index: number): string {
  return `lease-${String(index).padStart(3, "0")}`;
}

async function play(store: BudgetStore, one: Step, index: number): Promise<unknown> {
  const told: unknown[] = [(await store.states()).notices];
  if ("reserve" in one) {
    const holds = COUNTERS.map((of, place) => hold(of, one.reserve[place] ?? 0, one.check));
    told.push(await store.reserve({ leaseId: idOf(index), ttlMs: TTL_MS, holds, dryRun: true }));
    told.push(await store.reserve({ leaseId: idOf(index), ttlMs: TTL_MS, holds }));
  }
  if ("settle" in one) told.push(await store.settle(idOf(one.settle), one.amounts));
  if ("release" in one) told.push(await store.release(idOf(one.release)));
  const topped = "topUp" in one ? COUNTERS[one.of] : undefined;
  if ("topUp" in one && topped) {
    await store.topUp({ id: `top-up-${one.topUp}`, counter: topped, amount: 10 });
  }
  const { states } = await store.states();
  told.push(
    states
      // How long empty ones are shown is each store's own matter.
      .filter(({ spent, reserved, extra }) => spent + reserved + extra > 0)
      .map(({ counter: { budget }, ...state }) => ({ budget, ...state }))
      .toSorted((a, b) => a.budget.localeCompare(b.budget)),
  );
  return told;
}
