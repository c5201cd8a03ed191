import { describe, expect, test } from "vitest";
import { bench, by, call, dollars, granted, now, policy, refusal, START } from "./budget-call.ts";

const MIDNIGHT = Date.UTC(2026, 2, 5);

describe("reserve and settle", () => {
  test("a call under no budget gets a lease that holds nothing", () => {
    const { lease, states } = bench([policy({ match: { project: "atlas" } })]);
    const free = lease(by({ project: "other" }));
    expect(free.throttledMs).toBe(0);
    expect(free.settle(dollars(1_000))).toBeUndefined();
    expect(free.release()).toBeUndefined();
    expect(states()).toMatchObject([{ spent: 0, reserved: 0 }]);
  });

  test("answers at once with a memory store", () => {
    const { processor } = bench([policy()]);
    expect(processor.reserve(call())).not.toBeInstanceOf(Promise);
  });

  test("holds what the call is expected to cost, then books what it cost", () => {
    const { lease, states } = bench([policy({ limit: { usd: 10, tokens: 1_000, requests: 5 } })]);
    const held = lease();
    expect(states()).toMatchObject([
      { unit: "usd", limit: 10e9, spent: 0, reserved: 1e9, remaining: 9e9 },
      { unit: "tokens", limit: 1_000, spent: 0, reserved: 100, remaining: 900 },
      { unit: "requests", limit: 5, spent: 0, reserved: 1, remaining: 4 },
    ]);
    expect(held.settle({ nanoUsd: 250_000_000, tokens: 30 })).toBeUndefined();
    expect(states()).toMatchObject([
      { unit: "usd", spent: 250_000_000, reserved: 0, remaining: 9_750_000_000 },
      { unit: "tokens", spent: 30, reserved: 0 },
      { unit: "requests", spent: 1, reserved: 0 },
    ]);
  });

  test("the first end of a lease counts", () => {
    const { lease, states } = bench([policy()]);
    const held = lease();
    void held.settle(dollars(2));
    void held.settle(dollars(5));
    void held.release();
    expect(states()).toMatchObject([{ spent: 2e9, reserved: 0 }]);
  });

  test("a released call counts in no unit", () => {
    const { lease, states } = bench([policy({ limit: { usd: 10, requests: 5 } })]);
    void lease().release();
    expect(states()).toMatchObject([
      { spent: 0, reserved: 0 },
      { spent: 0, reserved: 0 },
    ]);
  });

  test("asking twice with one id gives the same lease", () => {
    const { lease, states } = bench([policy()]);
    const asked = call();
    expect(lease(asked)).toBe(lease(asked));
    expect(states()).toMatchObject([{ reserved: 1e9 }]);
  });

  test("a cost that is not known in the end is charged as held", () => {
    const { lease, states } = bench([policy({ limit: { usd: 10, tokens: 1_000 } })]);
    void lease().settle({ nanoUsd: undefined, tokens: Number.NaN });
    expect(states()).toMatchObject([
      { unit: "usd", spent: 1e9 },
      { unit: "tokens", spent: 100 },
    ]);
  });

  test("fractions are booked rounded up and senseless amounts as held", () => {
    const { lease, states } = bench([policy({ window: "total" })]);
    void lease().settle({ nanoUsd: 0.25, tokens: 1 });
    expect(states()).toMatchObject([{ spent: 1 }]);
    void lease().settle({ nanoUsd: -5, tokens: 1 });
    expect(states()).toMatchObject([{ spent: 1e9 + 1 }]);
  });

  test("spend books to the window of its reservation", async () => {
    const { lease, states, clock } = bench([policy()]);
    await clock.advance(MIDNIGHT - START - 1_000);
    const late = lease();
    await clock.advance(2_000);
    void late.settle(dollars(1));
    expect(states()).toMatchObject([{ spent: 0, reserved: 0, windowStartMs: MIDNIGHT }]);
  });

  test("nothing is reserved when all calls have ended", async () => {
    const { processor, states } = bench([policy({ limit: { usd: 50 }, guarantee: "hard" })]);
    const decisions = await Promise.all(
      Array.from({ length: 1_000 }, async () => processor.reserve(call({ usd: 0.5, most: 1 }))),
    );
    const leases = decisions.filter((decision) => decision.granted).map(granted);
    expect(leases).toHaveLength(50);
    expect(states()).toMatchObject([{ reserved: 50e9, remaining: 0 }]);
    await Promise.all(leases.map(async (lease) => lease.settle(dollars(0.5))));
    expect(states()).toMatchObject([{ spent: 25e9, reserved: 0 }]);
  });
});

describe("a refusal", () => {
  test("says which budget, what is left, what was asked for and when the window resets", () => {
    const { processor, lease } = bench([policy({ id: "team/daily", limit: { usd: 1.5 } })]);
    lease();
    expect(refusal(now(processor.reserve(call())))).toEqual({
      budget: "team/daily",
      reason: "exceeded",
      unit: "usd",
      limit: 1_500_000_000,
      remaining: 500_000_000,
      requested: 1e9,
      resetsAtMs: MIDNIGHT,
      detail: undefined,
    });
  });

  test("takes nothing from the budgets that had room", () => {
    const { processor, states } = bench([
      policy({ id: "org", limit: { usd: 100 } }),
      policy({ id: "project", limit: { usd: 0.5 } }),
      policy({ id: "agent", limit: { usd: 100 } }),
    ]);
    expect(refusal(now(processor.reserve(call())))).toMatchObject({
      budget: "project",
      detail: "more than the whole limit",
    });
    expect(states().map(({ reserved }) => reserved)).toEqual([0, 0, 0]);
  });

  test("names the budget that resets last when several refuse", () => {
    const { processor } = bench([
      policy({ id: "daily", limit: { usd: 0.5 } }),
      policy({ id: "monthly", limit: { usd: 0.5 }, window: "month" }),
      policy({ id: "weekly", limit: { usd: 0.5 }, window: "week" }),
    ]);
    expect(refusal(now(processor.reserve(call())))).toMatchObject({ budget: "monthly" });
  });

  test("names a budget that never resets before all others", () => {
    const { processor } = bench([
      policy({ id: "monthly", limit: { usd: 0.5 }, window: "month" }),
      policy({ id: "total", limit: { usd: 0.5 }, window: "total" }),
    ]);
    expect(refusal(now(processor.reserve(call())))).toMatchObject({
      budget: "total",
      resetsAtMs: undefined,
    });
  });

  test("of a unit that is not money is in that unit", () => {
    const { processor, lease } = bench([policy({ limit: { usd: 10, requests: 1 } })]);
    lease();
    expect(refusal(now(processor.reserve(call())))).toMatchObject({
      unit: "requests",
      limit: 1,
      remaining: 0,
      requested: 1,
    });
  });
});

describe("matching", () => {
  const ATLAS = { organization: "acme", project: "atlas", task: "t1", agent: "coder" };

  test("a call must pass every level above it: org, project, task, agent", () => {
    const { lease, states } = bench([
      policy({ id: "org", match: { organization: "acme" } }),
      policy({ id: "project", each: ["project"] }),
      policy({ id: "task", window: "task" }),
      policy({ id: "agent", each: ["project", "agent"] }),
    ]);
    void lease(by(ATLAS)).settle(dollars(1));
    void lease(by({ ...ATLAS, agent: "critic" })).settle(dollars(2));
    void lease(by({ ...ATLAS, project: "other", task: "t2" })).settle(dollars(4));
    const spent = states().map(({ budget, scope, spent: nanoUsd }) => [
      budget,
      Object.values(scope).join("/"),
      nanoUsd / 1e9,
    ]);
    expect(spent).toEqual([
      ["org", "", 7],
      ["project", "atlas", 3],
      ["task", "t1", 3],
      ["agent", "atlas/coder", 1],
      ["agent", "atlas/critic", 2],
      ["project", "other", 4],
      ["task", "t2", 4],
      ["agent", "other/coder", 4],
    ]);
  });

  test("takes exact values and patterns, on attribution, provider and model", () => {
    const { lease, states } = bench([
      policy({ id: "model", match: { model: "gpt-*" } }),
      policy({ id: "provider", match: { provider: "openai", project: "a*" } }),
    ]);
    void lease(by({ project: "atlas" })).settle(dollars(1));
    void lease(by({ project: "bee" }, { model: "claude" })).settle(dollars(1));
    void lease(by({}, { provider: "anthropic" })).settle(dollars(1));
    expect(states().map(({ budget, spent }) => [budget, spent / 1e9])).toEqual([
      ["model", 2],
      ["provider", 1],
    ]);
  });

  test("a call that lacks a key that a policy matches or counts by is not under it", () => {
    const { lease, states } = bench([
      policy({ id: "any-project", match: { project: "*" } }),
      policy({ id: "each-project", each: ["project"] }),
      policy({ id: "each-model", each: ["model"] }),
    ]);
    void lease(call({ model: undefined })).settle(dollars(1));
    expect(states()).toMatchObject([{ budget: "any-project", spent: 0 }]);
  });

  test("values that look like borders between values count apart", () => {
    const { lease, states } = bench([policy({ each: ["organization", "project"] })]);
    const pairs = [
      { organization: "a", project: "b:c" },
      { organization: "a:b", project: "c" },
      { organization: "a|project=1:b", project: "" },
      { organization: "a", project: "1:b" },
      { organization: "-", project: "-" },
      { organization: "1:-", project: "-" },
    ];
    for (const pair of pairs) void lease(by(pair)).settle(dollars(1));
    expect(states().map(({ scope, spent }) => ({ scope, spent }))).toEqual(
      pairs.map((scope) => ({ scope, spent: 1e9 })),
    );
  });
});

describe("leases that never end", () => {
  const HOUR_MS = 3_600_000;

  test("a stream of ten minutes is not charged before its end", async () => {
    const { lease, states, clock } = bench([policy()]);
    const stream = lease();
    await clock.advance(10 * 60_000);
    expect(states()).toMatchObject([{ spent: 0, reserved: 1e9 }]);
    void stream.settle(dollars(0.5));
    expect(states()).toMatchObject([{ spent: 500_000_000, reserved: 0 }]);
  });

  test("a call that never ends is charged as held an hour later, and a late end corrects it", async () => {
    const { lease, states, clock } = bench([policy()]);
    const lost = lease();
    await clock.advance(HOUR_MS);
    expect(states()).toMatchObject([{ spent: 0, reserved: 1e9 }]);
    await clock.advance(60_000);
    expect(states()).toMatchObject([{ spent: 1e9, reserved: 0 }]);
    void lost.settle(dollars(0.25));
    expect(states()).toMatchObject([{ spent: 250_000_000, reserved: 0 }]);
  });

  test("the time they are kept alive may be set", async () => {
    const { lease, states, clock } = bench([policy()], { maxLeaseMs: 60_000 });
    lease();
    await clock.advance(130_000);
    states();
    await clock.advance(60_000);
    expect(states()).toMatchObject([{ spent: 1e9, reserved: 0 }]);
  });
});

describe("states", () => {
  test("a budget that is not split is there from the start, with its window", () => {
    const { states } = bench([
      policy({ id: "daily", limit: { usd: 1, requests: 3 } }),
      policy({ id: "each", each: ["agent"] }),
      policy({ id: "total", window: "total" }),
    ]);
    expect(states()).toEqual([
      {
        budget: "daily",
        unit: "usd",
        scope: {},
        limit: 1e9,
        extra: 0,
        frozen: false,
        spent: 0,
        reserved: 0,
        remaining: 1e9,
        windowStartMs: Date.UTC(2026, 2, 4),
        windowEndMs: MIDNIGHT,
      },
      expect.objectContaining({ budget: "daily", unit: "requests", limit: 3 }),
      expect.objectContaining({
        budget: "total",
        windowStartMs: undefined,
        windowEndMs: undefined,
      }),
    ]);
  });

  test("counters whose window has ended show 0 for an hour and are forgotten then", async () => {
    const { lease, states, clock } = bench([policy({ each: ["user"] })]);
    for (let user = 0; user < 1_000; user++) {
      void lease(by({ user: `user-${user}` })).settle(dollars(1));
    }
    await clock.advance(12.5 * 3_600_000);
    expect(states()).toHaveLength(1_000);
    expect(new Set(states().map(({ spent }) => spent))).toEqual(new Set([0]));
    await clock.advance(3_600_000);
    expect(states()).toHaveLength(0);
  });

  test.each([{ rolling: "10s" }, "task", "total"] as const)(
    "a counter over %j that has become empty shows 0 for an hour",
    async (window) => {
      const { lease, states, clock } = bench([policy({ each: ["task"], window })]);
      const held = lease(by({ task: "t1" }));
      expect(states()).toMatchObject([{ reserved: 1e9 }]);
      void held.release();
      expect(states()).toMatchObject([{ reserved: 0 }]);
      await clock.advance(3_599_999);
      expect(states()).toMatchObject([{ spent: 0, reserved: 0 }]);
      await clock.advance(1);
      expect(states()).toEqual([]);
    },
  );
});
