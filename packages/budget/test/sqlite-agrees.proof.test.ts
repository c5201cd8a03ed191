import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createMemoryStore,
  type BudgetStore,
  type Counter,
  type CounterState,
  type Hold,
  type StoreAnswer,
  type StoreNotice,
} from "../src/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import {
  counter,
  createHandClock,
  hold,
  TTL_MS,
  type HandClock,
} from "../src/testing/store-fixture.ts";
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

function counterAt(index: number): Counter {
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

function holdsOf(list: readonly number[]): Hold[] {
  return COUNTERS.map((of, index) => hold(of, list[index] ?? 0));
}

/** Does what a call does. @returns what the store says to it */
async function call(store: BudgetStore, one: Step): Promise<unknown> {
  const ttlMs = TTL_MS;
  let answer: StoreAnswer = { notices: [] };
  if ("reserve" in one) {
    const holds = holdsOf(one.amounts);
    answer = await store.reserve({ leaseId: `${one.reserve}`, ttlMs, holds });
  } else if ("check" in one) {
    const holds = holdsOf(one.amounts);
    answer = await store.reserve({ leaseId: `${one.check}`, ttlMs, holds, dryRun: true });
  } else if ("settle" in one) {
    answer = await store.settle(`${one.settle}`, one.amounts);
  } else if ("release" in one) {
    answer = await store.release(`${one.release}`);
  } else if ("renew" in one) {
    await store.renew([`${one.renew}`], ttlMs);
  }
  return { ...answer, notices: inOrder(answer.notices) };
}

/** Does what an operator does. */
async function operate(store: BudgetStore, one: Step, nowMs: number): Promise<void> {
  if ("topUp" in one) {
    await store.topUp({ id: `${one.topUp}`, counter: counterAt(one.of), amount: 30 });
  } else if ("freeze" in one) {
    const control =
      one.untilMs === null ? undefined : { frozen: true, untilMs: nowMs + one.untilMs };
    await store.control(counterAt(one.freeze).controls[0] ?? "", control);
  } else if ("limit" in one) {
    await store.control(counterAt(one.of).controls[1] ?? "", { limit: one.limit });
  }
}

/** Everything that a store says to a sequence of operations. */
async function play(
  steps: readonly Step[],
  open: (clock: HandClock, before?: BudgetStore) => Promise<BudgetStore>,
): Promise<unknown[]> {
  const clock = createHandClock(START);
  let store = await open(clock);
  const seen: unknown[] = [];
  for (const one of steps) {
    if ("waitMs" in one) {
      clock.advance(one.waitMs);
      store = await open(clock, store);
    }
    seen.push(await call(store, one));
    await operate(store, one, clock.now());
    const { states, controls, notices } = await store.states();
    seen.push(controls.toSorted((a, b) => a.key.localeCompare(b.key)));
    seen.push(inOrder(notices), states.filter(isUsed).toSorted(byKey));
  }
  await store.close();
  return seen;
}

test(
  "the SQLite store says what the memory store says, opened anew as often as not",
  async () => {
    const folder = makeFolder();
    let files = 0;
    const opensAnew = fc.boolean();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: "max" }),
        opensAnew,
        async (steps, anew) => {
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
        },
      ),
      { numRuns: scale(60, 10_000) },
    );
  },
  PROOF_TIMEOUT_MS,
);
