import { captureTelemetry } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createMemoryStore,
  parseGuards,
  parsePolicies,
  type BudgetAlert,
  type GuardInput,
  type PolicyInput,
} from "../src/index.ts";
import {
  bench,
  by,
  call,
  dollars,
  granted,
  now,
  policy,
  refusal,
  type Bench,
} from "./budget-call.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { join } from "node:path";
import { makeFolder } from "./store-folder.ts";
import { askOf } from "./waiting.ts";

const HOUR_MS = 3_600_000;
const THROTTLED = policy({ limit: { usd: 2 }, onExceed: "throttle", throttle: { maxWait: "10m" } });

function replace(
  { processor }: Bench,
  policies: readonly PolicyInput[],
  guards: readonly GuardInput[] = [],
): void {
  processor.replacePolicies({ policies: parsePolicies(policies), guards: parseGuards(guards) });
}

describe("policies that are replaced", () => {
  test("count from the next call on, and what was used stays used", () => {
    const tested = bench([policy({ limit: { usd: 2 } })]);
    tested.spend(2);
    expect(now(tested.processor.reserve(call())).granted).toBe(false);
    replace(tested, [policy({ limit: { usd: 3 } })]);
    tested.spend(1);
    expect(tested.states()).toMatchObject([{ limit: 3e9, spent: 3e9, remaining: 0 }]);
    replace(tested, [policy({ limit: { usd: 1 } })]);
    expect(now(tested.processor.reserve(call())).granted).toBe(false);
    expect(tested.states()).toMatchObject([{ limit: 1e9, spent: 3e9, remaining: -2e9 }]);
  });

  test("a removed budget is gone, its leases settle, and it remembers when it comes back", () => {
    const tested = bench([policy({ id: "old" })]);
    const lease = tested.lease();
    replace(tested, [policy({ id: "new" })]);
    expect(tested.states()).toMatchObject([{ budget: "new", spent: 0, reserved: 0 }]);
    expect(tested.processor.leases()).toMatchObject([{ holds: [{ budget: "old" }] }]);
    void lease.settle(dollars(4));
    replace(tested, [policy({ id: "old" })]);
    expect(tested.states()).toMatchObject([{ budget: "old", spent: 4e9, reserved: 0 }]);
  });

  test("another window or another split counts anew, and is shown once", () => {
    const tested = bench([policy()]);
    tested.spend(4);
    replace(tested, [policy({ window: "month" })]);
    expect(tested.states()).toMatchObject([{ spent: 0 }]);
    tested.spend(1, by({ agent: "a" }));
    replace(tested, [policy({ window: "month", each: ["agent"] })]);
    expect(tested.states()).toEqual([]);
    tested.spend(2, by({ agent: "a" }));
    expect(tested.states()).toMatchObject([{ scope: { agent: "a" }, spent: 2e9 }]);
  });

  test("charges, explanations, checks and operators go by them", async () => {
    const tested = bench([policy({ id: "old" })]);
    const { processor } = tested;
    replace(tested, [policy({ id: "new", limit: { usd: 1 } })]);
    const { attribution, provider, model } = call();
    const used = dollars(3);
    void processor.charge({ id: "c", attribution, provider, model, used, requests: 1 });
    expect(tested.states()).toMatchObject([{ budget: "new", spent: 3e9 }]);
    expect(processor.explain({}).map(({ budget }) => budget)).toEqual(["new"]);
    expect(now(processor.check(call()))).toMatchObject({
      action: "deny",
      refusal: { budget: "new" },
    });
    await expect(processor.freeze({ budget: "old" })).rejects.toThrow("there are: new");
    await processor.freeze({ budget: "new" });
    expect(await processor.controls()).toMatchObject([{ budget: "new", kind: "freeze" }]);
  });

  test("a freeze outlives the edit", async () => {
    const tested = bench([policy()]);
    await tested.processor.freeze({ budget: "budget" });
    replace(tested, [policy({ limit: { usd: 100 } })]);
    expect(refusal(now(tested.processor.reserve(call()))).reason).toBe("frozen");
  });

  test("what calls of a kind usually need stays learned", () => {
    const tested = bench([policy({ limit: { usd: 100 } })]);
    for (let n = 0; n < 20; n++) tested.spend(0.25);
    replace(tested, [policy({ limit: { usd: 200 } })]);
    tested.lease();
    expect(tested.states()).toMatchObject([{ reserved: 0.25e9 }]);
  });

  test("decisions are counted on", () => {
    const tested = bench([policy({ id: "kept" })]);
    tested.spend(1);
    replace(tested, [policy({ id: "kept", limit: { usd: 20 } }), policy({ id: "added" })]);
    tested.spend(1);
    const explained = tested.processor.explain({});
    expect(explained.map(({ decisions }) => decisions)).toEqual([2, 1]);
  });

  test("with policies that need aggregates nobody has, nothing changes", () => {
    const tested = bench([policy({ limit: { usd: 2 } })]);
    const wrong = policy({ guarantee: "advisory", decideOn: "aggregates" });
    expect(() => replace(tested, [policy({ id: "other" }), wrong].slice(1))).toThrow(
      /there are no aggregates/,
    );
    expect(tested.states()).toMatchObject([{ budget: "budget", limit: 2e9 }]);
  });
});

describe("calls that wait while policies are replaced", () => {
  test("leave as soon as a raised limit lets them", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const waiting = [askOf(tested.processor, call()), askOf(tested.processor, call())];
    await tested.clock.advance(5_000);
    replace(tested, [{ ...THROTTLED, limit: { usd: 3 } }]);
    await tested.clock.advance(0);
    expect(waiting.map(({ done }) => done)).toEqual([true, false]);
    expect(granted(await waiting[0]!.decision).throttledMs).toBe(5_000);
  });

  test("are let go when no budget is for them any more", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const waiting = askOf(tested.processor, call());
    await tested.clock.advance(5_000);
    replace(tested, []);
    expect(granted(await waiting.decision).throttledMs).toBe(5_000);
    expect(tested.clock.sleeping).toBe(0);
  });

  test("are refused when their budget denies now", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const waiting = askOf(tested.processor, call());
    replace(tested, [policy({ limit: { usd: 2 } })]);
    expect(refusal(await waiting.decision)).toMatchObject({ reason: "exceeded" });
    expect(tested.clock.sleeping).toBe(0);
  });

  test("are refused when what they need fits no more", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const waiting = askOf(tested.processor, call());
    replace(tested, [{ ...THROTTLED, limit: { usd: 0.5 } }]);
    expect(refusal(await waiting.decision)).toMatchObject({ detail: "more than the whole limit" });
  });

  test("wait as long as the new budget says, from when they came", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const waiting = askOf(tested.processor, call());
    await tested.clock.advance(20_000);
    replace(tested, [{ ...THROTTLED, throttle: { maxWait: "30s" } }]);
    await tested.clock.advance(9_999);
    expect(waiting.done).toBe(false);
    await tested.clock.advance(1);
    expect(refusal(await waiting.decision)).toMatchObject({ reason: "throttle_timeout" });
  });

  test("wait for another budget that is for them now, still in turn", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const order: string[] = [];
    for (const agent of ["a", "a", "b"]) {
      void askOf(tested.processor, by({ agent })).decision.then((decision) => {
        order.push(agent);
        return granted(decision).settle(dollars(0));
      });
    }
    const other = { ...THROTTLED, id: "other", limit: { usd: 1 } };
    replace(tested, [THROTTLED, other]);
    await tested.clock.advance(0);
    replace(tested, [other]);
    await tested.clock.advance(60_000);
    expect(order).toEqual(["a", "b", "a"]);
    expect(tested.clock.sleeping).toBe(0);
  });

  test("leave when they were only spread over the window of a budget that changed", async () => {
    const paced = policy({
      limit: { requests: 20 },
      onExceed: "throttle",
      throttle: { maxWait: "2h" },
    });
    const tested = bench([paced]);
    for (let n = 0; n < 18; n++) tested.lease();
    const waiting = askOf(tested.processor, call());
    await tested.clock.advance(1_000);
    expect(waiting.done).toBe(false);
    replace(tested, [{ ...paced, limit: { requests: 200 } }]);
    expect(granted(await waiting.decision).throttledMs).toBe(1_000);
  });

  test("on their way to a store, a refusal by rules that hold no longer is asked again", async () => {
    const memory = createMemoryStore();
    const gate = Promise.withResolvers<void>();
    const store = {
      ...memory,
      reserve: async (...asked: Parameters<typeof memory.reserve>) => {
        await gate.promise;
        return memory.reserve(...asked);
      },
    };
    const tested = bench([policy({ limit: { usd: 0.5 } })], { store });
    const asking = askOf(tested.processor, call());
    replace(tested, [policy({ limit: { usd: 5 } })]);
    gate.resolve();
    expect((await asking.decision).granted).toBe(true);
  });
});

const alertsOf = (tested: Bench): BudgetAlert[] => {
  const alerts: BudgetAlert[] = [];
  tested.processor.onAlert((alert) => alerts.push(alert));
  return alerts;
};

describe("alerts after an edit", () => {
  test.each([
    ["memory", undefined],
    ["SQLite", () => openSqliteStore({ path: join(makeFolder(), "budget.db") })],
  ])("come for the new thresholds, those told before left out (%s)", async (_, open) => {
    const tested = bench([policy({ alertAt: [50, 95] })], open && { store: open() });
    const spend = async (usd: number): Promise<void> => {
      const decision = await tested.processor.reserve(call({ usd: 0.01 }));
      await granted(decision).settle(dollars(usd));
    };
    const alerts = alertsOf(tested);
    const open2 = granted(await tested.processor.reserve(call({ usd: 0.01 })));
    await spend(6);
    replace(tested, [policy({ alertAt: [40, 80] })]);
    await spend(0.5);
    await open2.settle(dollars(2));
    await Promise.resolve();
    expect(alerts.map(({ threshold }) => threshold)).toEqual([50, 80]);
    await tested.processor.shutdown();
  });

  test("a budget that is gone alerts no more", async () => {
    const tested = bench([policy({ alertAt: [50] })]);
    const alerts = alertsOf(tested);
    const lease = tested.lease();
    replace(tested, []);
    void lease.settle(dollars(9));
    await Promise.resolve();
    expect(alerts).toEqual([]);
  });
});

const asks = ({ processor }: Bench, times: number): boolean[] =>
  Array.from({ length: times }, () => now(processor.reserve(by({ agent: "a" }))).granted);

describe("guards that are replaced", () => {
  const MANY: GuardInput = { id: "many", callsPerMinute: 3, action: "deny" };
  test("come, change and go while calls run", () => {
    const tested = bench([]);
    expect(asks(tested, 5)).toEqual([true, true, true, true, true]);
    replace(tested, [], [MANY]);
    expect(asks(tested, 4)).toEqual([true, true, true, false]);
    replace(tested, [], [{ ...MANY, callsPerMinute: 5 }]);
    // The four calls that it has seen count on.
    expect(asks(tested, 2)).toEqual([true, false]);
    replace(tested, []);
    expect(asks(tested, 2)).toEqual([true, true]);
  });

  test("say whether they look at what requests contain", () => {
    const tested = bench([]);
    expect(tested.processor.readsFingerprints).toBe(false);
    replace(tested, [], [{ id: "loops", identicalInARow: 3 }]);
    expect(tested.processor.readsFingerprints).toBe(true);
  });

  test("do not forget what an agent usually does", async () => {
    const guard: GuardInput = { id: "fast", acceleration: 5, action: "deny" };
    const tested = bench([], { guards: [guard] });
    for (let minute = 0; minute < 21; minute++) {
      asks(tested, 2);
      await tested.clock.advance(60_000);
    }
    replace(tested, [], [{ ...guard, acceleration: 6 }]);
    expect(asks(tested, 40)).toContain(false);
  });
});

test("metrics of a removed budget have no value any more, those of others go on", async () => {
  const telemetry = captureTelemetry();
  onTestFinished(() => telemetry.shutdown());
  const tested = bench([policy({ id: "old" }), policy({ id: "kept" })]);
  tested.processor.bind(telemetry.meterProvider.getMeter("test"));
  const value = (name: string, budget: string): Promise<number | undefined> =>
    telemetry.value(`tollgate_budget_${name}`, { tollgate_budget: budget });
  tested.spend(2);
  expect(await value("spent_usd", "old")).toBe(2);
  replace(tested, [policy({ id: "kept", limit: { usd: 40 } })]);
  tested.spend(1);
  expect(await value("spent_usd", "old")).toBeNaN();
  expect(await value("limit_usd", "old")).toBeNaN();
  expect(await value("spent_usd", "kept")).toBe(3);
  expect(await value("limit_usd", "kept")).toBe(40);
  replace(tested, [policy({ id: "old" })]);
  expect(await value("spent_usd", "old")).toBe(2);
  await tested.clock.advance(HOUR_MS);
});
