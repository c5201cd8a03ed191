import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryStore, type Counter } from "../src/index.ts";
import { counter, createHandClock, hold, TTL_MS } from "../src/testing/store-fixture.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 4, 12);

const COUNTERS: readonly Counter[] = [
  counter({ budget: "day", limit: 100 }),
  counter({ budget: "total", limit: 150, window: { kind: "total" } }),
  counter({ budget: "wide", limit: 60 }),
];

interface ModelLease {
  readonly day: number;
  readonly holds: readonly (readonly [Counter, number])[];
  presumed: boolean;
  expiresAtMs: number;
}

/** The rules said once more, in the plainest way: a list of all that ever happened. */
function createModel() {
  const leases = new Map<string, ModelLease>();
  const booked: { counter: Counter; day: number; amount: number }[] = [];
  const dayOf = (nowMs: number): number => Math.floor(nowMs / DAY_MS);
  const inWindow = (of: Counter, day: number, nowMs: number): boolean =>
    of.window.kind === "total" || day === dayOf(nowMs);

  function spent(of: Counter, nowMs: number): number {
    return booked
      .filter((one) => one.counter === of && inWindow(of, one.day, nowMs))
      .reduce((sum, one) => sum + one.amount, 0);
  }
  function reserved(of: Counter, nowMs: number): number {
    let sum = 0;
    for (const lease of leases.values()) {
      if (lease.presumed || !inWindow(of, lease.day, nowMs)) continue;
      for (const [held, amount] of lease.holds) if (held === of) sum += amount;
    }
    return sum;
  }
  function book(lease: ModelLease, amounts: readonly number[], sign = 1): void {
    for (const [index, [of]] of lease.holds.entries()) {
      booked.push({ counter: of, day: lease.day, amount: sign * (amounts[index] ?? 0) });
    }
  }
  const held = (lease: ModelLease): number[] => lease.holds.map(([, amount]) => amount);

  return {
    spent,
    reserved,
    expire(nowMs: number) {
      for (const lease of leases.values()) {
        if (lease.presumed || lease.expiresAtMs > nowMs) continue;
        lease.presumed = true;
        book(lease, held(lease));
      }
    },
    reserve(id: string, holds: ModelLease["holds"], nowMs: number): boolean {
      const fits = holds.every(
        ([of, amount]) => spent(of, nowMs) + reserved(of, nowMs) + amount <= of.limit,
      );
      if (fits) {
        const expiresAtMs = nowMs + TTL_MS;
        leases.set(id, { day: dayOf(nowMs), holds, presumed: false, expiresAtMs });
      }
      return fits;
    },
    end(id: string, amounts: readonly number[] | undefined) {
      const lease = leases.get(id);
      if (lease === undefined) return;
      leases.delete(id);
      if (lease.presumed) book(lease, held(lease), -1);
      if (amounts !== undefined) book(lease, amounts);
    },
  };
}

const amount = fc.integer({ min: 0, max: 50 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("reserve" as const),
      amounts: fc.array(amount, { minLength: 3, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      which: fc.nat(30),
      amounts: fc.array(amount, { minLength: 3, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), which: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(1_000, TTL_MS / 2, TTL_MS, DAY_MS / 3, DAY_MS),
    }),
  },
);

test("the memory store agrees with a plain model over any sequence", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const clock = createHandClock(START);
      const store = createMemoryStore({ clock });
      const model = createModel();
      let reservations = 0;
      for (const [index, one] of steps.entries()) {
        if (one.do === "wait") clock.advance(one.ms);
        if (one.do === "reserve") {
          const id = `lease-${reservations++}`;
          const holds = COUNTERS.map((of, at) => hold(of, one.amounts[at] ?? 0));
          model.expire(clock.now());
          const expected = model.reserve(
            id,
            holds.map((h) => [h.counter, h.amount]),
            clock.now(),
          );
          const answer = store.reserve({ leaseId: id, ttlMs: TTL_MS, holds });
          expect([index, answer]).toMatchObject([
            index,
            { outcome: expected ? "granted" : "refused" },
          ]);
        }
        if (one.do === "settle") {
          void store.settle(`lease-${one.which}`, one.amounts);
          model.end(`lease-${one.which}`, one.amounts);
        }
        if (one.do === "release") {
          void store.release(`lease-${one.which}`);
          model.end(`lease-${one.which}`, undefined);
        }
        model.expire(clock.now());
        compare(store.states(), model, clock.now(), index);
      }
    }),
    { numRuns: 500 },
  );
});

type Model = ReturnType<typeof createModel>;
type States = ReturnType<ReturnType<typeof createMemoryStore>["states"]>;

function compare(answer: States, model: Model, nowMs: number, index: number): void {
  if (answer instanceof Promise) throw new Error("a memory store answers at once");
  for (const of of COUNTERS) {
    const state = answer.states.find((one) => one.counter.key === of.key);
    expect([index, of.budget, state?.spent ?? 0, state?.reserved ?? 0]).toEqual([
      index,
      of.budget,
      model.spent(of, nowMs),
      model.reserved(of, nowMs),
    ]);
  }
}
