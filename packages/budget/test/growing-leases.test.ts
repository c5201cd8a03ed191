import { describe, expect, test } from "vitest";
import {
  createMemoryStore,
  verifyLedger,
  type BudgetDecisionEvent,
  type BudgetLease,
  type BudgetStore,
  type GrowthAnswer,
  type JournalEvent,
  type LeaseGrowth,
  type StreamProgress,
} from "../src/index.ts";
import { bench, call, dollars, granted, now, policy, START } from "./budget-call.ts";

/** The input was a tenth of a dollar. */
function usedUp(usd: number): StreamProgress {
  return { input: dollars(0.1), used: dollars(usd) };
}

function growthOf(lease: BudgetLease): LeaseGrowth {
  const growth = lease.growth?.();
  if (growth === undefined) throw new Error("nothing grows");
  return growth;
}

const extended = (growth: LeaseGrowth, usd: number, canStop = true): GrowthAnswer =>
  now(growth.extend(usedUp(usd), canStop));

describe("the hold of a stream", () => {
  const extending = policy({ id: "extending", limit: { usd: 10, tokens: 1_000 } });

  test("doubles what it has for the output", () => {
    const { lease, states } = bench([extending]);
    const growth = growthOf(lease());
    expect(growth.held()).toEqual({ nanoUsd: 1e9, tokens: 100 });
    expect(extended(growth, 0.9)).toEqual({ granted: true });
    // 0.1 of input and twice the 0.9 that were held for output.
    expect(growth.held()).toEqual({ nanoUsd: 1.9e9, tokens: 190 });
    expect(extended(growth, 1.7)).toEqual({ granted: true });
    expect(growth.held()).toEqual({ nanoUsd: 3.7e9, tokens: 370 });
    expect(states()).toMatchObject([
      { unit: "usd", reserved: 3.7e9 },
      { unit: "tokens", reserved: 370 },
    ]);
  });

  test("grows from the start where the input alone has used it up", () => {
    const { lease } = bench([extending]);
    const growth = growthOf(lease());
    now(growth.extend({ input: dollars(2), used: dollars(2) }, true));
    expect(growth.held()).toEqual({ nanoUsd: 2.5e9, tokens: 250 });
  });

  test("is one lease to whoever looks, and its parts are settled together, without a false overrun", () => {
    const { processor, lease, states } = bench([extending]);
    const open = lease();
    const growth = growthOf(open);
    extended(growth, 0.9);
    extended(growth, 1.7);
    expect(processor.leases()).toMatchObject([
      {
        id: open.id,
        holds: [
          { unit: "usd", amount: 3.7e9 },
          { unit: "tokens", amount: 370 },
        ],
      },
    ]);
    void open.settle(dollars(2.5));
    expect(processor.leases()).toEqual([]);
    expect(states()).toMatchObject([
      { unit: "usd", spent: 2.5e9, reserved: 0 },
      { unit: "tokens", spent: 250, reserved: 0 },
    ]);
  });

  test("is given back whole", () => {
    const { lease, states } = bench([extending]);
    const open = lease();
    extended(growthOf(open), 0.9);
    void open.release();
    expect(states()).toMatchObject([
      { spent: 0, reserved: 0 },
      { spent: 0, reserved: 0 },
    ]);
  });

  test("is charged as held where the use is not known", () => {
    const { lease, states } = bench([policy()]);
    const open = lease();
    extended(growthOf(open), 0.9);
    void open.settle({ nanoUsd: undefined, tokens: 0 });
    expect(states()).toMatchObject([{ spent: 1.9e9, reserved: 0 }]);
  });

  test("is kept alive in all of its parts", async () => {
    const { lease, states, clock } = bench([policy()]);
    const open = lease();
    extended(growthOf(open), 0.9);
    for (let minute = 0; minute < 5; minute++) {
      // Whoever asks anything renews what is due.
      for (let quarter = 0; quarter < 4; quarter++) {
        // oxlint-disable-next-line no-await-in-loop -- the clock goes on step by step
        await clock.advance(15_000);
        states();
      }
    }
    expect(states()).toMatchObject([{ reserved: 1.9e9, spent: 0 }]);
    void open.settle(dollars(1.5));
    expect(states()).toMatchObject([{ reserved: 0, spent: 1.5e9 }]);
  });

  test("makes other calls see what is really taken", () => {
    const { processor, lease } = bench([policy({ limit: { usd: 4 } })]);
    const growth = growthOf(lease());
    extended(growth, 0.9);
    extended(growth, 1.7);
    expect(now(processor.reserve(call()))).toMatchObject({ granted: false });
  });

  test.each([
    ["a hard budget", { guarantee: "hard" }],
    ["an advisory budget", { guarantee: "advisory" }],
    ["a budget that only warns", { onExceed: "alert" }],
    ["a budget that says so", { streams: "hold" }],
    ["a budget of requests", { limit: { requests: 5 } }],
  ] as const)("stays under %s", (_name, options) => {
    const { lease } = bench([policy(options)]);
    expect(lease().growth?.()).toBeUndefined();
  });
});

async function decisionsOf(
  streams: "extend" | "stop",
  run: (growth: LeaseGrowth) => void,
): Promise<BudgetDecisionEvent[]> {
  const { processor, lease } = bench([policy({ limit: { usd: 2 }, streams })]);
  const decisions: BudgetDecisionEvent[] = [];
  processor.onDecision((event) => decisions.push(event));
  run(growthOf(lease()));
  await Promise.resolve();
  return decisions;
}

describe("a stream that the budget cannot bear", () => {
  test("goes on where the budget only extends, and that is told once", async () => {
    const decisions = await decisionsOf("extend", (growth) => {
      expect(growth.stops).toBe(false);
      for (const usd of [0.9, 1.8, 3.5]) expect(extended(growth, usd)).toEqual({ granted: true });
    });
    expect(decisions).toMatchObject([
      { action: "allow" },
      { action: "alert", reason: "exceeded", budget: "budget" },
    ]);
  });

  test("gets what is left first, and is refused then", async () => {
    const decisions = await decisionsOf("stop", (growth) => {
      expect(growth.stops).toBe(true);
      expect(extended(growth, 0.9)).toEqual({ granted: true });
      // 1.8 more for the output do not fit, but what is left does.
      expect(extended(growth, 1.7)).toEqual({ granted: true });
      expect(growth.held()).toMatchObject({ nanoUsd: 2e9 });
      const answer = extended(growth, 1.9);
      expect(answer).toMatchObject({
        granted: false,
        refusal: { reason: "exceeded", remaining: 0, limit: 2e9 },
      });
      if (!answer.granted) growth.stopped(answer.refusal);
    });
    expect(decisions).toMatchObject([{ action: "allow" }, { action: "deny", reason: "exceeded" }]);
  });

  test("goes on where nobody can stop it", () => {
    const { lease, states } = bench([policy({ limit: { usd: 2 }, streams: "stop" })]);
    const growth = growthOf(lease());
    for (const usd of [0.9, 1.7, 3.5]) {
      expect(extended(growth, usd, false)).toEqual({ granted: true });
    }
    expect(states()[0]?.remaining).toBeLessThan(0);
  });

  test("is not stopped by a freeze, which is for calls to come", async () => {
    const { processor, lease } = bench([policy({ streams: "stop" })]);
    const growth = growthOf(lease());
    await processor.freeze({ budget: "budget" });
    expect(extended(growth, 0.9)).toEqual({ granted: true });
  });
});

test("of two budgets the one that stops decides for both", () => {
  const { lease, states } = bench([
    policy({ id: "wide", limit: { usd: 1.5 } }),
    policy({ id: "strict", limit: { usd: 1 }, streams: "stop" }),
  ]);
  expect(extended(growthOf(lease()), 0.9)).toMatchObject({
    granted: false,
    refusal: { budget: "strict" },
  });
  expect(states()).toMatchObject([{ reserved: 1e9 }, { reserved: 1e9 }]);
});

test("the journal of growing leases is true", () => {
  const events: JournalEvent[] = [];
  const { lease } = bench([policy({ limit: { usd: 5, tokens: 900 }, streams: "stop" })], {
    onJournal: (event) => events.push(event),
  });
  const [first, second] = [lease(), lease()];
  for (const usd of [0.9, 1.7]) extended(growthOf(first), usd);
  for (const usd of [0.9, 1.7, 3]) extended(growthOf(second), usd);
  void first.settle(dollars(2.2));
  void second.settle(dollars(3.1));
  expect(verifyLedger(events)).toMatchObject({ ok: true, faults: [] });
  // More than all parts held is an overrun, once.
  expect(events.filter(({ kind }) => kind === "overrun")).toHaveLength(2);
});

/** A memory store whose answers wait until they are let go. */
function slowStore(): { store: BudgetStore; letGo: () => void } {
  const memory = createMemoryStore({ clock: { ...bench([]).clock, now: () => START } });
  let gate: PromiseWithResolvers<void> | undefined;
  const store: BudgetStore = {
    ...memory,
    reserve: async (request) => {
      if (request.leaseId.includes("~x")) {
        gate = Promise.withResolvers();
        await gate.promise;
      }
      return memory.reserve(request);
    },
  };
  return { store, letGo: () => gate?.resolve() };
}

describe("with a store that answers later", () => {
  test("what is granted after the end of the stream is given back", async () => {
    const { store, letGo } = slowStore();
    const { processor } = bench([policy()], { store });
    const lease = granted(await processor.reserve(call()));
    const extending = growthOf(lease).extend(usedUp(0.9), true);
    await lease.settle(dollars(0.95));
    letGo();
    expect(await extending).toEqual({ granted: true });
    expect(await processor.states()).toMatchObject([{ spent: 0.95e9, reserved: 0 }]);
  });

  test("a store that fails stops no stream", async () => {
    const memory = createMemoryStore({ clock: bench([]).clock });
    const store: BudgetStore = {
      ...memory,
      reserve: (request) => {
        if (request.leaseId.includes("~x")) throw new Error("away");
        return memory.reserve(request);
      },
    };
    const { processor } = bench([policy({ streams: "stop", onStoreError: "closed" })], { store });
    const growth = growthOf(granted(now(processor.reserve(call()))));
    expect(extended(growth, 0.9)).toEqual({ granted: true });
  });
});

test("an answer is shared out over any parts: never above a hold but in the last, and never more or less in all", () => {
  const { lease, states } = bench([policy({ limit: { usd: 1_000 } })]);
  let spent = 0;
  for (const used of [0, 0.4, 1, 1.9, 2.6, 3.7, 9]) {
    const open = lease();
    const growth = growthOf(open);
    for (const usd of [0.9, 1.7]) extended(growth, usd);
    void open.settle(dollars(used));
    spent += used * 1e9;
    expect(states()).toMatchObject([{ spent, reserved: 0 }]);
  }
});
