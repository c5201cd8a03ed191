import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryStore, type BudgetStore, type Counter, type CounterState, type StoreNotice } from "../src/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { counter, createHandClock, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { PROOF_TIMEOUT_MS, scale } from "./proof.ts";
import { makeFolder } from "./store-folder.ts";

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 4, 20);

const COUNTERS: readonly Counter[] = [
  counter({ budget: "day", limit: 100, alertAmounts: [50, 80] }),
  counter({ budget: "total", limit: 400, window: { kind: "total" }, alertAmounts: [100, 200] }),
  counter({ budget: "task", limit: 90, window: { kind: "task", idleMs: HOUR_MS } }),
  counter({
    budget: "rolling",
    limit: 80,
    // Without alerts: what is left of old buckets makes the memory store tell some that are late.
    window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 },
  }),
];

const lease = fc.nat(25);
const amounts = fc.array(fc.nat(40), { minLength: 4, maxLength: 4 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ reserve: lease, amounts }) },
  { weight: 4, arbitrary: fc.record({ settle: lease, amounts }) },
  { weight: 1, arbitrary: fc.record({ release: lease }) },
  { weight: 1, arbitrary: fc.record({ renew: lease }) },
  { weight: 1, arbitrary: fc.record({ topUp: fc.nat(3), of: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ freeze: fc.nat(3), untilMs: fc.option(fc.nat(HOUR_MS)) }) },
  { weight: 1, arbitrary: fc.record({ limit: fc.nat(150), of: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ check: lease, amounts }) },
  {
    weight: 3,
    arbitrary: fc.record({
      waitMs: fc.constantFrom(1_000, TTL_MS, 10 * TTL_MS, HOUR_MS, 5 * HOUR_MS),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function of(index: number): Counter {
  return COUNTERS[index % COUNTERS.length] ?? counter();
}

/** How long an empty counter is shown is not agreed on: a refusal leaves no trace in a file. */
function isUsed({ spent, reserved, extra }: CounterState): boolean {
  return spent !== 0 || reserved !== 0 || extra !== 0;
}

function byKey(one: CounterState, other: CounterState): number {
  return one.counter.key.localeCompare(other.counter.key);
}

/** Leases that expire together do so in any order. */
function inOrder(notices: readonly StoreNotice[]): string[] {
  return notices
    .map((notice) => {
      const { kind, counter: of } = notice;
      return `${of.key} ${kind} ${kind === "crossed" ? notice.threshold : notice.amount}`;
    })
    .toSorted();
}

/** Everything that a store says to a sequence of operations. */
async function play(
  steps: readonly Step[],
  open: (clock: ReturnType<typeof createHandClock>, before?: BudgetStore) => Promise<BudgetStore>,
): Promise<unknown[]> {
  const clock = createHandClock(START);
  let store = await open(clock);
  const seen: unknown[] = [];
  for (const one of steps) {
    if ("waitMs" in one) {
      clock.advance(one.waitMs);
      store = await open(clock, store);
    } else if ("reserve" in one) {
      const holds = COUNTERS.map((of, index) => hold(of, one.amounts[index] ?? 0));
      const answer = await store.reserve({ leaseId: `${one.reserve}`, ttlMs: TTL_MS, holds });
      seen.push({ ...answer, notices: inOrder(answer.notices) });
    } else if ("settle" in one) {
      seen.push(inOrder((await store.settle(`${one.settle}`, one.amounts)).notices));
    } else if ("release" in one) {
      seen.push(inOrder((await store.release(`${one.release}`)).notices));
    } else if ("check" in one) {
      const holds = COUNTERS.map((of, index) => hold(of, one.amounts[index] ?? 0));
      const asked = { leaseId: `${one.check}`, ttlMs: TTL_MS, holds, dryRun: true };
      const answer = await store.reserve(asked);
      seen.push({ ...answer, notices: inOrder(answer.notices) });
    } else if ("topUp" in one) {
      await store.topUp({ id: `${one.topUp}`, counter: of(one.of), amount: 30 });
    } else if ("freeze" in one) {
      const untilMs = one.untilMs === null ? undefined : clock.now() + one.untilMs;
      const control = untilMs === undefined ? undefined : { frozen: true, untilMs };
      await store.control(of(one.freeze).controls[0] ?? "", control);
    } else if ("limit" in one) {
      await store.control(of(one.of).controls[1] ?? "", { limit: one.limit });
    } else {
      await store.renew([`${one.renew}`], TTL_MS);
    }
    const { states, controls, notices } = await store.states();
    seen.push(controls.toSorted((a, b) => a.key.localeCompare(b.key)));
    seen.push(inOrder(notices), states.filter(isUsed).toSorted(byKey));
  }
  await store.close();
  return seen;
}

test("the SQLite store says what the memory store says, opened anew as often as not", async () => {
  const folder = makeFolder();
  let files = 0;
  const opensAnew = fc.boolean();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), opensAnew, async (steps, anew) => {
      const path = join(folder, `${files++}.db`);
      const inFile = await play(steps, async (clock, before) => {
        if (before !== undefined && !anew) return before;
        await before?.close();
        return openSqliteStore({ path, clock });
      });
      const inMemory = await play(steps, (clock, before) =>
        Promise.resolve(before ?? createMemoryStore({ clock })),
      );
      expect(inFile).toEqual(inMemory);
    }),
    { numRuns: scale(60, 10_000) },
  );
}, PROOF_TIMEOUT_MS);
