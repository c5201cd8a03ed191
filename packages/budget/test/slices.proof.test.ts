import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createMemoryStore,
  type BudgetStore,
  type Counter,
  type Hold,
  type MaybePromise,
} from "../src/index.ts";
import { createSlicedStore } from "../src/slices/index.ts";
import { counter, createHandClock, hold, TTL_MS } from "../src/testing/store-fixture.ts";
import { now } from "./budget-call.ts";
import { figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";

const PROCESSES = 3;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 2, 4, 23, 59, 30);
const TOTAL = counter({ budget: "total", limit: 1_500, window: { kind: "total" } });
const DAILY = counter({ budget: "daily", limit: 900 });
const MINUTE = counter({
  budget: "minute",
  limit: 1_000,
  window: { kind: "rolling", durationMs: 60_000, buckets: 6 },
});
const FAMILIES: readonly (readonly Counter[])[] = [[TOTAL], [TOTAL, DAILY], [DAILY, MINUTE]];

interface Call {
  readonly id: string;
  readonly process: number;
  readonly holds: readonly Hold[];
  readonly atMs: number;
  /** `undefined` while it is under way. */
  used: number | undefined;
}

type Step =
  | { readonly kind: "calls"; process: number; family: number; amount: number; count: number }
  | {
      readonly kind: "busy";
      process: number;
      family: number;
      amount: number;
      stretches: number;
      ends: number;
    }
  | { readonly kind: "end"; count: number; share: number }
  | { readonly kind: "pass"; deltaMs: number }
  | { readonly kind: "renew" }
  | { readonly kind: "crash"; process: number };

const process = fc.nat(PROCESSES - 1);
const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("calls" as const),
        process,
        family: fc.nat(FAMILIES.length - 1),
        amount: fc.nat(6),
        count: fc.integer({ min: 1, max: 25 }),
      }),
    },
    {
      // Calls so fast that slices are taken for them.
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("busy" as const),
        process,
        family: fc.nat(FAMILIES.length - 1),
        amount: fc.nat(3),
        stretches: fc.integer({ min: 2, max: 12 }),
        ends: fc.nat(9),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("end" as const),
        count: fc.integer({ min: 1, max: 40 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        deltaMs: fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: 1, max: 400 }) },
          { weight: 2, arbitrary: fc.integer({ min: 400, max: 15_000 }) },
          { weight: 1, arbitrary: fc.constantFrom(TTL_MS, 3 * TTL_MS, DAY_MS) },
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("renew" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), process }) },
  ),
  { minLength: 10, maxLength: 60 },
);

function spanOf(of: Counter, atMs: number): number {
  return of.window.kind === "calendar" ? Math.floor(atMs / DAY_MS) : 0;
}

interface Process {
  readonly sliced: BudgetStore;
  cut(): void;
}

/** Several processes with slices above one store, and all that their calls did. */
function createFleet(answers: "at once" | "later", hops: () => number) {
  const clock = createHandClock(START_MS);
  const memory = createMemoryStore({ clock });
  const calls: Call[] = [];
  let taken = 0;

  /** What the shared store holds must fit at any instant. */
  function checkShared(): void {
    const { states } = now(memory.states());
    for (const { counter: of, spent, reserved } of states) {
      expect(spent + reserved).toBeLessThanOrEqual(of.limit);
    }
  }

  /** A connection whose answers come at once, or in any order, and none after the process is dead. */
  function connect(): { readonly store: BudgetStore; cut(): void } {
    let isCut = false;
    function send<Result>(operate: () => MaybePromise<Result>): MaybePromise<Result> {
      if (isCut) return new Promise<never>(() => {});
      if (answers === "later") return sendLater(operate);
      const result = operate();
      checkShared();
      return result;
    }
    async function sendLater<Result>(operate: () => MaybePromise<Result>): Promise<Result> {
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other
      for (let left = hops(); left > 0; left--) await Promise.resolve();
      if (isCut) return new Promise<never>(() => {});
      const result = await operate();
      checkShared();
      // oxlint-disable-next-line no-await-in-loop
      for (let left = hops(); left > 0; left--) await Promise.resolve();
      return isCut ? new Promise<never>(() => {}) : result;
    }
    const store: BudgetStore = {
      scope: "shared",
      reserve: (request) => {
        if (request.leaseId.startsWith("slice~")) taken++;
        return send(() => memory.reserve(request));
      },
      settle: (id, amounts) => send(() => memory.settle(id, amounts)),
      release: (id) => send(() => memory.release(id)),
      renew: (ids, ttlMs) => send(() => memory.renew(ids, ttlMs)),
      control: (key, control) => send(() => memory.control(key, control)),
      topUp: (topUp) => send(() => memory.topUp(topUp)),
      states: () => send(() => memory.states()),
      // The others go on with what is behind it.
      close: () => {},
    };
    return {
      store,
      cut() {
        isCut = true;
      },
    };
  }

  function start(): Process {
    const connection = connect();
    return { ...connection, sliced: createSlicedStore(connection.store, { clock }) };
  }
  const processes = Array.from({ length: PROCESSES }, start);
  const living = (): Call[] => calls.filter((call) => call.used === undefined && call.process >= 0);
  let asked = 0;

  async function callOnce(index: number, holds: readonly Hold[]): Promise<void> {
    const id = `call-${asked++}`;
    const answer = await processes[index]?.sliced.reserve({ leaseId: id, ttlMs: TTL_MS, holds });
    if (answer?.outcome !== "granted") return;
    calls.push({ id, process: index, holds, atMs: clock.now(), used: undefined });
  }

  async function end(call: Call, share: number): Promise<void> {
    const used = call.holds.map(({ amount }) => Math.floor(amount * share));
    call.used = used[0] ?? 0;
    await processes[call.process]?.sliced.settle(call.id, used);
  }

  async function renew({ sliced }: Process, index: number): Promise<void> {
    const own = living().filter((call) => call.process === index);
    await sliced.renew(
      own.map(({ id }) => id),
      TTL_MS,
    );
  }

  function crash(index: number): void {
    processes[index]?.cut();
    processes[index] = start();
    for (const call of living()) {
      // Nobody hears of its end any more: all that it held may have been spent.
      if (call.process === index) call.used = call.holds[0]?.amount ?? 0;
    }
  }

  async function beBusy(step: Extract<Step, { kind: "busy" }>): Promise<void> {
    for (let stretch = 0; stretch < step.stretches; stretch++) {
      // oxlint-disable no-await-in-loop -- time goes on in steps
      await run({ ...step, kind: "calls", count: 5 });
      await run({ kind: "end", count: step.ends, share: 0.5 });
      clock.advance(130);
      // oxlint-enable no-await-in-loop
    }
  }

  async function run(step: Step): Promise<void> {
    switch (step.kind) {
      case "calls": {
        const holds = (FAMILIES[step.family] ?? []).map((of) => hold(of, step.amount));
        const all = Array.from({ length: step.count }, () => callOnce(step.process, holds));
        await Promise.all(all);
        return;
      }
      case "busy":
        return beBusy(step);
      case "end": {
        const ending = living().slice(0, step.count);
        await Promise.all(ending.map((call) => end(call, step.share)));
        return;
      }
      case "pass":
        clock.advance(step.deltaMs);
        return;
      case "renew":
        await Promise.all(processes.map(renew));
        return;
      case "crash":
        crash(step.process);
    }
  }

  /** What calls of a window have spent, or may still spend. */
  function atRisk(of: Counter, span: number): number {
    let sum = 0;
    for (const { holds, atMs, used } of calls) {
      const held = holds.find((one) => one.counter === of);
      if (held !== undefined && spanOf(of, atMs) === span) sum += used ?? held.amount;
    }
    return sum;
  }

  function checkSpend(): void {
    for (const of of [TOTAL, DAILY]) {
      for (const span of new Set(calls.map(({ atMs }) => spanOf(of, atMs)))) {
        expect(atRisk(of, span)).toBeLessThanOrEqual(of.limit);
      }
    }
  }

  async function closeAll(): Promise<void> {
    await Promise.all(processes.map(async ({ sliced }) => sliced.close()));
  }

  async function stateOf(of: Counter): Promise<{ spent: number; reserved: number }> {
    const { states } = await memory.states();
    const { spent = 0, reserved = 0 } = states.find((one) => one.counter.key === of.key) ?? {};
    return { spent, reserved };
  }

  return { clock, run, checkSpend, closeAll, stateOf, atRisk, living, taken: () => taken };
}

function createHops(seeds: readonly number[]): () => number {
  let at = 0;
  return () => seeds[at++ % seeds.length] ?? 0;
}

const answering = fc.constantFrom("at once" as const, "later" as const);
const hopSeeds = fc.array(fc.nat(4), { minLength: 1, maxLength: 20 });

test(
  "several processes, whatever they do and whenever they crash, never spend or hold more than the limit",
  async () => {
    let slices = 0;
    await fc.assert(
      fc.asyncProperty(steps, answering, hopSeeds, async (all, answers, seeds) => {
        const fleet = createFleet(answers, createHops(seeds));
        for (const step of all) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await fleet.run(step);
          fleet.checkSpend();
        }
        await fleet.closeAll();
        fleet.clock.advance(2 * TTL_MS);
        // What crashed processes held is charged, so that the sum is at least what was spent.
        const { spent, reserved } = await fleet.stateOf(TOTAL);
        expect(reserved).toBe(0);
        expect(spent).toBeGreaterThanOrEqual(fleet.atRisk(TOTAL, 0));
        expect(spent).toBeLessThanOrEqual(TOTAL.limit);
        slices += fleet.taken();
      }),
      { numRuns: scale(100, 5_000) },
    );
    figure(`${slices} slices`);
    expect(slices).toBeGreaterThan(300);
  },
  PROOF_TIMEOUT_MS,
);

test(
  "without crashes, what the shared store has booked is what calls have spent, to the unit",
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, answering, hopSeeds, async (all, answers, seeds) => {
        const fleet = createFleet(answers, createHops(seeds));
        for (const step of all) {
          const isLong = step.kind === "pass" && step.deltaMs >= TTL_MS / 4;
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          if (step.kind !== "crash" && !isLong) await fleet.run(step);
          // Calls under way are renewed, as the processor does.
          // oxlint-disable-next-line no-await-in-loop
          await fleet.run({ kind: "renew" });
        }
        await fleet.run({ kind: "end", count: Number.MAX_SAFE_INTEGER, share: 0.5 });
        await fleet.closeAll();
        const spent = fleet.atRisk(TOTAL, 0);
        expect(await fleet.stateOf(TOTAL)).toEqual({ spent, reserved: 0 });
        const today = spanOf(DAILY, fleet.clock.now());
        expect(await fleet.stateOf(DAILY)).toEqual({
          spent: fleet.atRisk(DAILY, today),
          reserved: 0,
        });
      }),
      { numRuns: scale(100, 5_000) },
    );
  },
  PROOF_TIMEOUT_MS,
);
