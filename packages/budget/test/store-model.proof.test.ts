import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryStore, type BudgetStore, type Counter } from "../src/index.ts";
import {
  counter,
  createHandClock,
  hold,
  TTL_MS,
  type HandClock,
} from "../src/testing/store-fixture.ts";
import { now } from "./budget-call.ts";
import { figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";
import { createStoreModel, type StoreModel } from "./store-model.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 4, 12);

const COUNTERS: readonly Counter[] = [
  counter({ budget: "day", limit: 100 }),
  counter({ budget: "total", limit: 150, window: { kind: "total" } }),
  counter({ budget: "narrow", limit: 60 }),
];

const amounts = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 3 });
const lease = fc.nat(30);
const key = fc.constantFrom("all/day", "one/total|usd", "one/narrow|usd");
const control = fc.oneof(
  fc.constant(undefined),
  fc.record({ frozen: fc.constant(true) }),
  fc.record({ limit: fc.integer({ min: 1, max: 200 }), untilMs: fc.constant(START + DAY_MS) }),
);
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ topUp: fc.nat(3), of: fc.nat(2), amount: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ key, control }) },
  { weight: 1, arbitrary: fc.record({ wouldReserve: amounts }) },
  { weight: 4, arbitrary: fc.record({ reserve: amounts }) },
  { weight: 3, arbitrary: fc.record({ settle: lease, amounts }) },
  { weight: 1, arbitrary: fc.record({ release: lease }) },
  {
    weight: 1,
    arbitrary: fc.record({ waitMs: fc.constantFrom(1_000, TTL_MS / 2, TTL_MS, DAY_MS) }),
  },
);

const sequences = scale(1_000, 100_000);

test(
  "the memory store agrees with a plain model over any sequence",
  { timeout: PROOF_TIMEOUT_MS },
  () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const { seen, expected } = play(steps);
        expect(seen).toEqual(expected);
      }),
      { numRuns: sequences },
    );
    figure(`model: the memory store agrees over ${sequences} sequences of up to 80 operations`);
  },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

interface Table {
  readonly clock: HandClock;
  readonly store: BudgetStore;
  readonly model: StoreModel;
  readonly seen: unknown[];
  readonly expected: unknown[];
  reservations: number;
}

/** Does the same to a store and to the model, and writes down what both say. */
function play(steps: readonly Step[]): Pick<Table, "seen" | "expected"> {
  const clock = createHandClock(START);
  const store = createMemoryStore({ clock });
  const model = createStoreModel();
  const table: Table = { clock, store, model, seen: [], expected: [], reservations: 0 };
  for (const one of steps) {
    if ("waitMs" in one) clock.advance(one.waitMs);
    model.expire(clock.now());
    if ("reserve" in one || "wouldReserve" in one) askBoth(table, one);
    else if ("settle" in one || "release" in one) endBoth(table, one);
    else operateBoth(table, one);
    const { states } = now(store.states());
    for (const each of COUNTERS) {
      const state = states.find((found) => found.counter.key === each.key);
      table.seen.push([each.budget, state?.spent ?? 0, state?.reserved ?? 0]);
      const nowMs = clock.now();
      table.expected.push([each.budget, model.spent(each, nowMs), model.reserved(each, nowMs)]);
    }
  }
  return table;
}

function askBoth(
  table: Table,
  one: Extract<Step, { reserve: number[] } | { wouldReserve: number[] }>,
): void {
  const { clock, store, model, seen, expected } = table;
  const dryRun = "wouldReserve" in one;
  const asked = dryRun ? one.wouldReserve : one.reserve;
  const leaseId = dryRun ? "dry" : `lease-${table.reservations++}`;
  const holds = COUNTERS.map((of, index) => hold(of, asked[index] ?? 0));
  const pairs = holds.map((held) => [held.counter, held.amount] as const);
  const fits = dryRun ? model.fits(pairs, clock.now()) : model.reserve(leaseId, pairs, clock.now());
  expected.push(fits ? "granted" : "refused");
  seen.push(now(store.reserve({ leaseId, ttlMs: TTL_MS, holds, dryRun })).outcome);
}

function endBoth(
  { store, model }: Table,
  one: Extract<Step, { settle: number } | { release: number }>,
): void {
  // The model has noticed expired leases; the store must have, to be asked the same.
  now(store.states());
  if ("settle" in one) {
    model.end(`lease-${one.settle}`, one.amounts);
    void store.settle(`lease-${one.settle}`, one.amounts);
  } else {
    model.end(`lease-${one.release}`, undefined);
    void store.release(`lease-${one.release}`);
  }
}

function operateBoth({ clock, store, model }: Table, one: Step): void {
  const of = "topUp" in one ? COUNTERS[one.of] : undefined;
  if ("topUp" in one && of !== undefined && one.amount > 0) {
    const topUp = { id: `top-up-${one.topUp}`, counter: of, amount: one.amount };
    model.topUp(topUp.id, of, topUp.amount, clock.now());
    void store.topUp(topUp);
  }
  if ("key" in one) {
    model.control(one.key, one.control);
    void store.control(one.key, one.control);
  }
}
