import { describe, expect, test } from "vitest";
import { createMemoryStore } from "../src/index.ts";
import { bench, by, call, dollars, granted, now, policy, refusal, START } from "./budget-call.ts";

const HOUR_MS = 3_600_000;
const perUser = policy({ id: "per-user", each: ["user"] });

describe("freeze", () => {
  test("refuses every call with the reason frozen, until it is lifted", async () => {
    const { processor } = bench([policy()]);
    await processor.freeze({ budget: "budget" });
    expect(refusal(await processor.reserve(call()))).toMatchObject({
      reason: "frozen",
      budget: "budget",
      resetsAtMs: undefined,
    });
    expect(now(processor.states())).toMatchObject([{ frozen: true, limit: 10e9 }]);
    await processor.unfreeze({ budget: "budget" });
    granted(await processor.reserve(call()));
    expect(now(processor.states())).toMatchObject([{ frozen: false }]);
  });

  test("stops calls of budgets that only alert, and refuses those of throttled ones at once", async () => {
    const { processor } = bench([
      policy({ id: "alerting", match: { model: "a" }, onExceed: "alert" }),
      policy({ id: "throttled", match: { model: "b" }, onExceed: "throttle" }),
    ]);
    await processor.freeze({ budget: "alerting" });
    await processor.freeze({ budget: "throttled" });
    for (const model of ["a", "b"]) {
      expect(refusal(now(processor.reserve(call({ model }))))).toMatchObject({ reason: "frozen" });
    }
  });

  test("lets a call under way be booked, and charges for what was fetched", async () => {
    const { processor, states } = bench([policy()]);
    await processor.freeze({ budget: "budget" });
    void granted(now(processor.reserve(call({ underway: true })))).settle(dollars(1));
    void processor.charge({ ...call(), used: dollars(2), requests: 1 });
    expect(states()).toMatchObject([{ spent: 3e9 }]);
  });

  test("of one scope leaves the others alone", async () => {
    const { processor, states } = bench([perUser]);
    await processor.freeze({ budget: "per-user", scope: { user: "ada" } });
    expect(states()).toMatchObject([{ scope: { user: "ada" }, frozen: true, spent: 0 }]);
    expect(refusal(now(processor.reserve(by({ user: "ada" }))))).toMatchObject({
      reason: "frozen",
    });
    granted(now(processor.reserve(by({ user: "bob" }))));
  });

  test("of the whole holds for scopes that come later", async () => {
    const { processor } = bench([perUser]);
    await processor.freeze({ budget: "per-user" });
    expect(refusal(now(processor.reserve(by({ user: "new" }))))).toMatchObject({
      reason: "frozen",
    });
  });

  test("counts for every processor on the store and outlives an edit of the policy", async () => {
    const store = createMemoryStore();
    const one = bench([policy()], { store });
    await one.processor.freeze({ budget: "budget" });
    const other = bench([policy({ limit: { tokens: 5 }, window: "month" })], { store });
    expect(refusal(now(other.processor.reserve(call())))).toMatchObject({ reason: "frozen" });
  });

  test("with an end tells callers when to come back", async () => {
    const { processor, clock } = bench([policy()]);
    await processor.freeze({ budget: "budget", untilMs: START + HOUR_MS });
    expect(refusal(now(processor.reserve(call())))).toMatchObject({ resetsAtMs: START + HOUR_MS });
    await clock.advance(HOUR_MS);
    granted(now(processor.reserve(call())));
  });

  test("known to the process holds while the store does not answer", async () => {
    const store = createMemoryStore();
    let away = false;
    const { processor } = bench([policy({ onStoreError: "open" })], {
      store: {
        ...store,
        reserve(request) {
          if (away) throw new Error("connection refused");
          return store.reserve(request);
        },
      },
    });
    await processor.freeze({ budget: "budget" });
    away = true;
    expect(refusal(now(processor.reserve(call()))).reason).toBe("frozen");
    expect(now(processor.reserve(call({ underway: true }))).granted).toBe(true);
    await processor.unfreeze({ budget: "budget" });
    expect(now(processor.reserve(call())).granted).toBe(true);
  });

  test("ends the wait of a throttled call", async () => {
    const { processor, spend } = bench([policy({ onExceed: "throttle" })]);
    spend(10);
    const waiting = processor.reserve(call());
    await processor.freeze({ budget: "budget" });
    expect(refusal(await waiting)).toMatchObject({ reason: "frozen" });
  });
});

describe("top-up", () => {
  test("adds to the running window and shows in the limit", async () => {
    const { processor, spend, states, clock } = bench([policy()]);
    spend(10);
    await processor.topUp({ budget: "budget", amount: { usd: 5 } });
    expect(states()).toMatchObject([{ limit: 15e9, extra: 5e9, remaining: 5e9 }]);
    spend(5);
    expect(refusal(now(processor.reserve(call())))).toMatchObject({ limit: 15e9, remaining: 0 });
    await clock.advance(12 * HOUR_MS);
    expect(states()).toMatchObject([{ limit: 10e9, extra: 0, spent: 0 }]);
  });

  test("with one id is given once", async () => {
    const { processor, states } = bench([policy()]);
    await processor.topUp({ budget: "budget", amount: { usd: 5 }, id: "ticket-7" });
    await processor.topUp({ budget: "budget", amount: { usd: 5 }, id: "ticket-7" });
    expect(states()).toMatchObject([{ extra: 5e9 }]);
  });

  test("lets a throttled call on at once", async () => {
    const { processor, spend } = bench([policy({ onExceed: "throttle" })]);
    spend(10);
    const waiting = processor.reserve(call());
    await processor.topUp({ budget: "budget", amount: { usd: 5 } });
    expect(await waiting).toMatchObject({ granted: true });
  });
});

describe("override", () => {
  test("puts another limit in place for a time, for calls that would never have fit too", async () => {
    const { processor, states, clock } = bench([policy()]);
    await processor.override({
      budget: "budget",
      limit: { usd: 100 },
      untilMs: START + HOUR_MS,
    });
    const large = granted(now(processor.reserve(call({ usd: 60 }))));
    expect(states()).toMatchObject([{ limit: 100e9 }]);
    void large.settle(dollars(60));
    await clock.advance(HOUR_MS);
    expect(states()).toMatchObject([{ limit: 10e9, remaining: -50e9 }]);
    expect(refusal(now(processor.reserve(call())))).toMatchObject({ limit: 10e9 });
  });

  test("can be ended and is listed", async () => {
    const { processor } = bench([perUser]);
    const untilMs = START + HOUR_MS;
    const scope = { user: "ada" };
    await processor.override({ budget: "per-user", scope, limit: { usd: 1 }, untilMs });
    await processor.freeze({ budget: "per-user" });
    expect(await processor.controls()).toEqual([
      { kind: "limit", budget: "per-user", unit: "usd", scope, limit: 1e9, untilMs },
      {
        kind: "freeze",
        budget: "per-user",
        unit: undefined,
        scope: {},
        limit: undefined,
        untilMs: undefined,
      },
    ]);
    await processor.endOverride({ budget: "per-user", scope });
    await processor.unfreeze({ budget: "per-user" });
    expect(await processor.controls()).toEqual([]);
  });
});

describe("an operation that makes no sense says why", () => {
  const { processor } = bench([policy(), perUser]);
  const cases: readonly [string, () => Promise<void>, string, RegExp][] = [
    [
      "an unknown budget",
      () => processor.freeze({ budget: "budgte" }),
      "TOLLGATE_BUDGET_UNKNOWN",
      /"budgte"; there are: budget, per-user/,
    ],
    [
      "a scope of a budget without",
      () => processor.freeze({ budget: "budget", scope: { user: "ada" } }),
      "TOLLGATE_OPERATION_INVALID",
      /no scope of user; name no scope/,
    ],
    [
      "the wrong key",
      () => processor.freeze({ budget: "per-user", scope: { usr: "ada" } }),
      "TOLLGATE_OPERATION_INVALID",
      /no scope of usr; name user or none/,
    ],
    [
      "a top-up of all scopes",
      () => processor.topUp({ budget: "per-user", amount: { usd: 1 } }),
      "TOLLGATE_OPERATION_INVALID",
      /name the scope: user/,
    ],
    ...[0, -1, 1e300, Number.NaN].map(
      (usd) =>
        [
          `${usd} dollars`,
          () => processor.topUp({ budget: "budget", amount: { usd } }),
          "TOLLGATE_OPERATION_INVALID",
          /is no amount/,
        ] as [string, () => Promise<void>, string, RegExp],
    ),
    [
      "a unit that is not limited",
      () => processor.topUp({ budget: "budget", amount: { tokens: 1 } }),
      "TOLLGATE_OPERATION_INVALID",
      /does not limit tokens/,
    ],
    [
      "no amount",
      () => processor.topUp({ budget: "budget", amount: {} }),
      "TOLLGATE_OPERATION_INVALID",
      /name usd, tokens or requests/,
    ],
    [
      "a time that is over",
      () => processor.override({ budget: "budget", limit: { usd: 1 }, untilMs: START }),
      "TOLLGATE_OPERATION_INVALID",
      /is over/,
    ],
  ];

  test.each(cases)("%s", async (_name, run, code, message) => {
    await expect(run()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as unknown,
    });
  });

  test("a store that does not answer", async () => {
    const store = createMemoryStore();
    const away = bench([policy()], {
      store: {
        ...store,
        control: () => {
          throw new Error("connection refused");
        },
      },
    });
    await expect(away.processor.freeze({ budget: "budget" })).rejects.toMatchObject({
      code: "TOLLGATE_STORE_UNAVAILABLE",
    });
  });
});
