import { budgetExceeded, isBudgetExceeded } from "@tollgate/core";
import { describe, expect, test } from "vitest";
import { createRig, reservedOf, spentOf, USAGE, USAGE_NANO_USD } from "./setup.ts";

const FULL = { max_tokens: 100 };

describe("a refusal", () => {
  const policies = [
    { id: "tiny", limit: { usd: 0.000_001 }, window: "day", timezone: "UTC", guarantee: "hard" },
  ];

  test("is a response with status 402, and nothing leaves", async () => {
    const rig = await createRig({ policies });
    const response = await rig.chat(FULL);
    expect(response).toMatchObject({ status: 402, ok: false });
    expect(response.url).toContain("/v1/chat/completions");
    expect(rig.provider.requests).toEqual([]);
    expect(rig.events[0]).toMatchObject({
      outcome: "refused",
      usage: undefined,
      cost: { totalNanoUsd: 0 },
    });
  });

  test("says budget, unit, what is left and until when", async () => {
    const rig = await createRig({ policies });
    const error: unknown = await (await rig.chat(FULL)).json();
    expect(isBudgetExceeded(error)).toBe(true);
    expect(budgetExceeded(error)).toMatchObject({
      budget: "tiny",
      unit: "usd",
      limit: 1_000,
      remaining: 1_000,
    });
    expect(budgetExceeded(error)?.resetsAtMs).toBeGreaterThan(Date.now());
  });

  test("carries the marker in a header too, and tells clients not to retry", async () => {
    const rig = await createRig({ policies });
    const { headers } = await rig.chat(FULL);
    expect(headers.get("x-should-retry")).toBe("false");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(isBudgetExceeded({ headers })).toBe(true);
  });

  test("tells what a hard budget cannot bound", async () => {
    const rig = await createRig({
      policies: [{ id: "hard", limit: { usd: 1 }, window: "total", guarantee: "hard" }],
    });
    const body = { tools: [{ type: "web_search" }], input: "x", model: "gpt-4o-mini" };
    const url = `${rig.provider.openaiBaseUrl}/responses`;
    const response = await rig.fetch(url, { method: "POST", body: JSON.stringify(body) });
    expect(budgetExceeded(await response.json())).toMatchObject({ reason: "unboundable" });
  });
});

describe("1,000 concurrent calls", () => {
  test("against a hard budget of 50 calls: exactly 50 pass, and nothing stays reserved", async () => {
    const probe = await createRig({
      policies: [{ id: "p", limit: { usd: 1 }, window: "total", guarantee: "hard" }],
    });
    const holding = probe.chat(FULL);
    const holdNanoUsd = await reservedOf(probe.budget);
    await (await holding).json();
    expect(holdNanoUsd).toBeGreaterThan(0);

    const policies = [
      { id: "fifty", limit: { usd: (50 * holdNanoUsd) / 1e9 }, window: "total", guarantee: "hard" },
    ];
    // Usage as large as the hold allows is not reachable here; the answers wait until all have asked.
    const rig = await createRig({ policies, provider: { script: { delayMs: 300 } } });
    const responses = await Promise.all(Array.from({ length: 1_000 }, () => rig.chat(FULL)));
    const passed = responses.filter(({ status }) => status === 200);
    expect(passed).toHaveLength(50);
    expect(responses.filter(({ status }) => status === 402)).toHaveLength(950);
    expect(rig.provider.requests).toHaveLength(50);
    await Promise.all(passed.map((response) => response.json()));
    expect(await reservedOf(rig.budget)).toBe(0);
    expect(await spentOf(rig.budget)).toBeLessThanOrEqual(50 * holdNanoUsd);
  });

  test("against 50 requests: exactly 50 pass", async () => {
    const rig = await createRig({
      policies: [{ id: "r", limit: { requests: 50 }, window: "total", guarantee: "hard" }],
    });
    const responses = await Promise.all(Array.from({ length: 1_000 }, () => rig.chat(FULL)));
    expect(responses.filter(({ ok }) => ok)).toHaveLength(50);
  });

  test("a bounded budget overshoots by no more than calls × (real − held)", async () => {
    const rig = await createRig({
      policies: [{ id: "b", limit: { usd: 0.002 }, window: "total", guarantee: "bounded" }],
      provider: { script: { usage: USAGE } },
    });
    const responses = await Promise.all(Array.from({ length: 1_000 }, () => rig.chat(FULL)));
    const passed = responses.filter(({ ok }) => ok);
    await Promise.all(passed.map((response) => response.json()));
    const spent = await spentOf(rig.budget);
    expect(spent).toBe(passed.length * USAGE_NANO_USD);
    expect(await reservedOf(rig.budget)).toBe(0);
    // Held was at least the 100 output tokens asked for: $0.60 per million.
    expect(spent - 2_000_000).toBeLessThanOrEqual(passed.length * (USAGE_NANO_USD - 60_000));
    expect((await rig.chat(FULL)).status).toBe(402);
  });
});

describe("settling", () => {
  test("books the real cost at every level", async () => {
    const each = [
      ["organization"],
      ["organization", "project"],
      ["organization", "project", "agent"],
    ];
    const rig = await createRig({
      policies: each.map((keys) => ({
        id: keys.at(-1),
        each: keys,
        limit: { usd: 1 },
        window: "month",
        timezone: "UTC",
      })),
      attribution: { defaults: { organization: "acme", project: "atlas", agent: "planner" } },
      provider: { script: { usage: USAGE } },
    });
    await (await rig.chat()).json();
    const states = await rig.budget.states();
    expect(states.map(({ budget, spent, reserved }) => ({ budget, spent, reserved }))).toEqual(
      ["organization", "project", "agent"].map((budget) => ({
        budget,
        spent: USAGE_NANO_USD,
        reserved: 0,
      })),
    );
  });

  test("a throttled call that the app aborts rejects with the app's reason", async () => {
    const policies = [
      {
        id: "t",
        limit: { requests: 1 },
        window: { rolling: "1h" },
        onExceed: "throttle",
        throttle: { maxWait: "50s" },
      },
    ];
    const rig = await createRig({ policies });
    await (await rig.chat()).json();
    const controller = new AbortController();
    const throttled = rig.chat({}, { signal: controller.signal });
    controller.abort(new Error("no longer wanted"));
    await expect(throttled).rejects.toThrow("no longer wanted");
    expect(rig.provider.requests).toHaveLength(1);
  });
});
