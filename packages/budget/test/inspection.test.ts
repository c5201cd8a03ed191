import { describe, expect, test } from "vitest";
import { bench, by, call, granted, now, policy, START } from "./budget-call.ts";

describe("check", () => {
  test("says what would be decided and holds, counts and waits for nothing", () => {
    const { processor, spend, states } = bench([
      policy(),
      policy({ id: "p", onExceed: "throttle" }),
    ]);
    expect(now(processor.check(call()))).toMatchObject({
      action: "allow",
      holds: [
        { budget: "budget", amount: 1e9 },
        { budget: "p", amount: 1e9 },
      ],
    });
    expect(states()).toMatchObject([
      { spent: 0, reserved: 0 },
      { spent: 0, reserved: 0 },
    ]);
    expect(processor.explain({}).map(({ decisions }) => decisions)).toEqual([0, 0]);
    spend(10);
    expect(now(processor.check(call()))).toMatchObject({
      action: "deny",
      refusal: { budget: "budget", reason: "exceeded", remaining: 0 },
    });
  });

  test("says that a call would wait", () => {
    const { processor, spend } = bench([policy({ onExceed: "throttle" })]);
    spend(10);
    expect(now(processor.check(call()))).toMatchObject({ action: "throttle" });
  });

  test("says that no budget is for a call, and what is unpriced", () => {
    const { processor } = bench([policy({ match: { project: "atlas" } })]);
    expect(now(processor.check(call())).remarks).toEqual(["no budget is for this call"]);
    const unpriced = by(
      { project: "atlas" },
      { expected: () => ({ nanoUsd: undefined, tokens: 1 }) },
    );
    expect(now(processor.check(unpriced)).remarks).toEqual(["budget, usd: the model has no price"]);
  });
});

test("explain says of every policy whether it is for a call, and why", () => {
  const { processor, spend } = bench([
    policy({ id: "all" }),
    policy({ id: "atlas", match: { project: "atlas" } }),
    policy({ id: "mini", match: { model: "*-mini" }, each: ["user"] }),
  ]);
  spend(1);
  expect(processor.explain({ project: "borg" }, { model: "gpt-5-mini" })).toEqual([
    { budget: "all", matches: true, why: "it is for every call", scope: {}, decisions: 1 },
    {
      budget: "atlas",
      matches: false,
      why: `it is for project "atlas", and the call's project is "borg"; it has decided about no call in this process yet`,
      scope: undefined,
      decisions: 0,
    },
    {
      budget: "mini",
      matches: false,
      why: "it counts each user apart, and the call has no user; it has decided about no call in this process yet",
      scope: undefined,
      decisions: 0,
    },
  ]);
  expect(processor.explain({ user: "ada" }, { model: "gpt-5-mini" })[2]).toMatchObject({
    matches: true,
    why: expect.stringContaining(
      'its model "*-mini" fits "gpt-5-mini"; counted for user "ada"',
    ) as unknown,
    scope: { user: "ada" },
  });
});

test("the leases of calls under way are listed until they end", () => {
  const { processor, lease } = bench([policy()]);
  const one = lease(call({ id: "one" }));
  lease(call({ id: "two", usd: 2 }));
  expect(processor.leases()).toEqual([
    {
      id: "one",
      startedMs: START,
      holds: [{ budget: "budget", unit: "usd", scope: {}, amount: 1e9 }],
    },
    {
      id: "two",
      startedMs: START,
      holds: [{ budget: "budget", unit: "usd", scope: {}, amount: 2e9 }],
    },
  ]);
  void one.release();
  expect(processor.leases()).toHaveLength(1);
});

test("resetting the throttle forgets the pace", async () => {
  const { processor, spend, clock } = bench([policy({ onExceed: "throttle" })]);
  spend(9);
  await clock.advance(1);
  granted(now(processor.reserve(call({ usd: 0.1 }))));
  const paced = processor.reserve(call({ usd: 0.1 }));
  expect(paced).toBeInstanceOf(Promise);
  processor.resetThrottle("other");
  expect(processor.reserve(call({ usd: 0.1 }))).toBeInstanceOf(Promise);
  processor.resetThrottle();
  granted(now(processor.reserve(call({ usd: 0.1 }))));
});
