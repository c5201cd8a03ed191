import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryStore, type Counter } from "../src/index.ts";
import { counter, createHandClock, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { now } from "./budget-call.ts";
import { figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";
import { createStoreModel } from "./store-model.ts";

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

/** Does the same to a store and to the model, and writes down what both say. */
function play(steps: readonly Step[]): { seen: unknown[]; expected: unknown[] } {
  const clock = createHandClock(START);
  const store = createMemoryStore({ clock });
  const model = createStoreModel();
  const seen: unknown[] = [];
  const expected: unknown[] = [];
  let reservations = 0;

  for (const one of steps) {
    if ("waitMs" in one) clock.advance(one.waitMs);
    model.expire(clock.now());
    if ("reserve" in one) {
      const leaseId = `lease-${reservations++}`;
      const holds = COUNTERS.map((of, index) => hold(of, one.reserve[index] ?? 0));
      const fits = model.reserve(
        leaseId,
        holds.map((held) => [held.counter, held.amount]),
        clock.now(),
      );
      expected.push(fits ? "granted" : "refused");
      seen.push(now(store.reserve({ leaseId, ttlMs: TTL_MS, holds })).outcome);
    }
    if ("wouldReserve" in one) {
      const holds = COUNTERS.map((of, index) => hold(of, one.wouldReserve[index] ?? 0));
      const asked = { leaseId: "dry", ttlMs: TTL_MS, holds, dryRun: true };
      const pairs = holds.map((held) => [held.counter, held.amount] as const);
      expected.push(model.fits(pairs, clock.now()) ? "granted" : "refused");
      seen.push(now(store.reserve(asked)).outcome);
    }
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
    if ("settle" in one) {
      // The model has noticed expired leases; the store must have, to be asked the same.
      now(store.states());
      model.end(`lease-${one.settle}`, one.amounts);
      void store.settle(`lease-${one.settle}`, one.amounts);
    }
    if ("release" in one) {
      model.end(`lease-${one.release}`, undefined);
      void store.release(`lease-${one.release}`);
    }
    const { states } = now(store.states());
    for (const each of COUNTERS) {
      const state = states.find((found) => found.counter.key === each.key);
      seen.push([each.budget, state?.spent ?? 0, state?.reserved ?? 0]);
      expected.push([
        each.budget,
        model.spent(each, clock.now()),
        model.reserved(each, clock.now()),
      ]);
    }
  }
  return { seen, expected };
}
