import fc from "fast-check";
import type { BudgetStore, Counter } from "../src/index.ts";
import { counter, hold, TTL_MS, type HandClock } from "../src/testing/store-fixture.ts";
import { createStoreModel, type StoreModel } from "./store-model.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BUDGETS = ["day", "total", "narrow"] as const;

const amounts = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 3 });
const lease = fc.nat(30);
const control = fc.oneof(
  fc.constant(undefined),
  fc.record({ frozen: fc.constant(true) }),
  fc.record({ limit: fc.integer({ min: 1, max: 200 }), withinMs: fc.constant(DAY_MS) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ topUp: fc.nat(3), of: fc.nat(2), amount: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ controlOf: fc.nat(2), key: fc.nat(1), control }) },
  { weight: 1, arbitrary: fc.record({ wouldReserve: amounts }) },
  { weight: 4, arbitrary: fc.record({ reserve: amounts }) },
  { weight: 3, arbitrary: fc.record({ settle: lease, amounts }) },
  { weight: 1, arbitrary: fc.record({ release: lease }) },
  {
    weight: 1,
    arbitrary: fc.record({ waitMs: fc.constantFrom(1_000, TTL_MS / 2, TTL_MS, DAY_MS) }),
  },
);

/** Any sequence of operations. */
export const anySteps: fc.Arbitrary<Step[]> = fc.array(step, { maxLength: 80, size: "max" });

type Amounts = number[];
export type Step =
  | { topUp: number; of: number; amount: number }
  | { controlOf: number; key: number; control: ControlPut }
  | { wouldReserve: Amounts }
  | { reserve: Amounts }
  | { settle: number; amounts: Amounts }
  | { release: number }
  | { waitMs: number };
/** `undefined` takes what lies there away. */
type ControlPut = { frozen: boolean } | { limit: number; withinMs: number } | undefined;

interface Table {
  readonly clock: HandClock;
  readonly store: BudgetStore;
  readonly model: StoreModel;
  readonly counters: readonly Counter[];
  /** Leases and top-ups of this sequence alone. */
  readonly name: string;
  readonly startMs: number;
  readonly seen: unknown[];
  readonly expected: unknown[];
  reservations: number;
}

/**
 * Does the same to a store and to the model, and writes down what both say.
 *
 * @param name - of the sequence: a store that is used for several keeps them apart by it.
 */
export async function playBoth(
  store: BudgetStore,
  clock: HandClock,
  name: string,
  steps: readonly Step[],
): Promise<Pick<Table, "seen" | "expected">> {
  // Sequences that share a store follow each other: what was open before has expired.
  clock.set(Math.ceil(clock.now() / DAY_MS) * DAY_MS + DAY_MS + DAY_MS / 2);
  const table: Table = {
    clock,
    store,
    model: createStoreModel(),
    counters: countersOf(name),
    name,
    startMs: clock.now(),
    seen: [],
    expected: [],
    reservations: 0,
  };
  await store.states();
  for (const one of steps) {
    if ("waitMs" in one) clock.advance(one.waitMs);
    table.model.expire(clock.now());
    if ("reserve" in one || "wouldReserve" in one) await askBoth(table, one);
    else if ("settle" in one || "release" in one) await endBoth(table, one);
    else await operateBoth(table, one);
    await compare(table);
  }
  return table;
}

function countersOf(name: string): Counter[] {
  const limits = { day: 100, total: 150, narrow: 60 };
  return BUDGETS.map((budget) =>
    counter({
      budget: `${budget}-${name}`,
      limit: limits[budget],
      ...(budget === "total" && { window: { kind: "total" } }),
    }),
  );
}

async function compare({ store, clock, model, counters, seen, expected }: Table): Promise<void> {
  const { states } = await store.states();
  for (const each of counters) {
    const state = states.find((found) => found.counter.key === each.key);
    seen.push([each.budget, state?.spent ?? 0, state?.reserved ?? 0]);
    const nowMs = clock.now();
    expected.push([each.budget, model.spent(each, nowMs), model.reserved(each, nowMs)]);
  }
}

async function askBoth(
  table: Table,
  one: Extract<Step, { reserve: Amounts } | { wouldReserve: Amounts }>,
): Promise<void> {
  const { clock, store, model, counters, name, seen, expected } = table;
  const dryRun = "wouldReserve" in one;
  const asked = dryRun ? one.wouldReserve : one.reserve;
  const leaseId = dryRun ? `${name}-dry` : `${name}-${table.reservations++}`;
  const holds = counters.map((of, index) => hold(of, asked[index] ?? 0));
  const pairs = holds.map((held) => [held.counter, held.amount] as const);
  const fits = dryRun ? model.fits(pairs, clock.now()) : model.reserve(leaseId, pairs, clock.now());
  expected.push(fits ? "granted" : "refused");
  seen.push((await store.reserve({ leaseId, ttlMs: TTL_MS, holds, dryRun })).outcome);
}

async function endBoth(
  { store, model, name }: Table,
  one: Extract<Step, { settle: number } | { release: number }>,
): Promise<void> {
  // The model has noticed expired leases; the store must have, to be asked the same.
  await store.states();
  if ("settle" in one) {
    model.end(`${name}-${one.settle}`, one.amounts);
    await store.settle(`${name}-${one.settle}`, one.amounts);
  } else {
    model.end(`${name}-${one.release}`, undefined);
    await store.release(`${name}-${one.release}`);
  }
}

async function operateBoth(table: Table, one: Step): Promise<void> {
  const { clock, store, model, counters, name, startMs } = table;
  const of = "topUp" in one ? counters[one.of] : undefined;
  if ("topUp" in one && of !== undefined && one.amount > 0) {
    const topUp = { id: `${name}-${one.topUp}`, counter: of, amount: one.amount };
    model.topUp(topUp.id, of, topUp.amount, clock.now());
    await store.topUp(topUp);
  }
  if ("controlOf" in one) {
    const key = counters[one.controlOf]?.controls[one.key] ?? "";
    const { control: put } = one;
    const laid =
      put !== undefined && "limit" in put
        ? { limit: put.limit, untilMs: startMs + put.withinMs + HOUR_MS }
        : put;
    model.control(key, laid);
    await store.control(key, laid);
  }
}
