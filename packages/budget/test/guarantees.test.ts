import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Amounts } from "../src/index.ts";
import { bench, by, call, dollars, now, policy, refusal } from "./budget-call.ts";

describe("a hard budget", () => {
  const HARD = policy({ guarantee: "hard", limit: { usd: 3 } });

  test("holds the most that a call may cost", () => {
    const { lease, states } = bench([HARD]);
    lease(call({ usd: 0.1, most: 2 }));
    expect(states()).toMatchObject([{ reserved: 2e9 }]);
  });

  test("asks for the bound under the policy's own cap on output", () => {
    const caps: (number | undefined)[] = [];
    const bound = (cap: number | undefined): ReturnType<typeof dollars> => {
      caps.push(cap);
      return dollars(cap === undefined ? 1 : cap / 1_000);
    };
    const { lease, states } = bench([
      { ...HARD, id: "a" },
      { ...HARD, id: "b", maxOutputTokens: 500 },
      { ...HARD, id: "c", maxOutputTokens: 500 },
    ]);
    lease(call({ bound }));
    expect(states().map(({ reserved }) => reserved / 1e9)).toEqual([1, 0.5, 0.5]);
    expect(caps).toEqual([undefined, 500]);
  });

  test("refuses what cannot be bounded, and says why", () => {
    const { processor } = bench([HARD]);
    const asked = call({ bound: () => ({ unboundable: "it names a stored conversation" }) });
    expect(refusal(now(processor.reserve(asked)))).toMatchObject({
      budget: "budget",
      reason: "unboundable",
      detail: "it names a stored conversation",
      remaining: 3e9,
      requested: 1e9,
    });
  });

  test("refuses a model without a price, when it counts money", () => {
    const unpriced = call({ bound: () => ({ nanoUsd: undefined, tokens: 10 }) });
    expect(refusal(now(bench([HARD]).processor.reserve(unpriced)))).toMatchObject({
      reason: "unpriced",
    });
    const inTokens = bench([policy({ guarantee: "hard", limit: { tokens: 10 } })]);
    expect(now(inTokens.processor.reserve(unpriced)).granted).toBe(true);
  });

  test("refuses, and does not throw, when the bound cannot be worked out", () => {
    const { processor } = bench([HARD]);
    const bound = vi.fn<() => Amounts>().mockThrow(new RangeError("broken price list"));
    expect(refusal(now(processor.reserve(call({ bound }))))).toMatchObject({
      reason: "unboundable",
    });
  });

  test("that counts requests only asks for no bound", () => {
    const { lease } = bench([policy({ guarantee: "hard", limit: { requests: 1 } })]);
    const bound = vi.fn<() => Amounts>(() => dollars(1));
    lease(call({ bound }));
    expect(bound).not.toHaveBeenCalled();
  });

  test("does not wait for what no waiting helps", () => {
    const { processor } = bench([{ ...HARD, onExceed: "throttle" }]);
    const asked = call({ bound: () => ({ unboundable: "media" }) });
    expect(processor.reserve(asked)).toMatchObject({ granted: false });
    expect(processor.reserve(call({ most: 4 }))).toMatchObject({ granted: false });
  });

  test("is never exceeded by calls that keep to their bounds", () => {
    const step = fc.record({
      most: fc.integer({ min: 0, max: 3_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      end: fc.constantFrom("settle", "release", "keep"),
      other: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const { processor, states } = bench([HARD]);
        const open: (() => void)[] = [];
        for (const { most, share, end, other } of steps) {
          const decision = now(processor.reserve(call({ most: most / 1_000 })));
          if (decision.granted) {
            const used = dollars((most / 1_000) * share);
            if (end === "settle") open.push(() => void decision.lease.settle(used));
            if (end === "release") open.push(() => void decision.lease.release());
          }
          open.splice(other, 1)[0]?.();
          const [state] = states();
          expect(state?.reserved).toBeGreaterThanOrEqual(0);
          expect((state?.spent ?? 0) + (state?.reserved ?? 0)).toBeLessThanOrEqual(3e9);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a bounded budget", () => {
  test("holds the 95th percentile of what such calls cost, once it has seen 20", () => {
    const { lease, states, spend } = bench([policy({ limit: { usd: 1_000 } })]);
    const reserved = (): number => {
      const held = lease(call({ usd: 5 }));
      const [state] = states();
      void held.release();
      return (state?.reserved ?? 0) / 1e9;
    };
    for (let cents = 1; cents <= 19; cents++) spend(cents / 100, call({ usd: 5 }));
    expect(reserved()).toBe(5);
    spend(0.2, call({ usd: 5 }));
    expect(reserved()).toBe(0.19);
  });

  test("learns apart for each provider, model and agent", () => {
    const { lease, states, spend } = bench([policy({ limit: { usd: 1_000 } })]);
    const kinds = [
      by({ agent: "coder" }),
      by({ agent: "critic" }),
      by({ agent: "coder" }, { model: "gpt-5-mini" }),
      by({ agent: "coder" }, { provider: "azure" }),
    ];
    const [coder, ...others] = kinds;
    for (let n = 0; n < 20; n++) spend(0.01, { ...coder!, id: `learn-${n}` });
    for (const other of others) {
      const held = lease(other);
      expect(states()).toMatchObject([{ reserved: 1e9 }]);
      void held.release();
    }
    lease(coder);
    expect(states()).toMatchObject([{ reserved: 10_000_000 }]);
  });

  test("forgets old prices: the last 128 calls count", () => {
    const { lease, states, spend } = bench([policy({ limit: { usd: 9_000 } })]);
    for (let n = 0; n < 200; n++) spend(10);
    for (let n = 0; n < 256; n++) spend(0.01);
    lease();
    expect(states()).toMatchObject([{ reserved: 10_000_000 }]);
  });

  test("learns nothing from calls that were given back", () => {
    const { lease, states } = bench([policy()]);
    for (let n = 0; n < 30; n++) void lease().release();
    lease();
    expect(states()).toMatchObject([{ reserved: 1e9 }]);
  });

  test("lets a model without a price pass, and books its cost when it has one in the end", () => {
    const { lease, states, processor } = bench([policy({ limit: { usd: 1 } })]);
    const reasons: string[] = [];
    processor.onDecision(({ action, reason }) => reasons.push(`${action} ${reason}`));
    const unpriced = call({ expected: () => ({ nanoUsd: undefined, tokens: 10 }) });
    void lease(unpriced).settle({ nanoUsd: undefined, tokens: 10 });
    expect(states()).toMatchObject([{ spent: 0 }]);
    void lease({ ...unpriced, id: "again" }).settle(dollars(2));
    expect(states()).toMatchObject([{ spent: 2e9, remaining: -1e9 }]);
    return Promise.resolve().then(() =>
      expect(reasons).toEqual(["allow unpriced", "allow unpriced"]),
    );
  });

  test("is exceeded by at most what the calls under way cost above their holds", () => {
    const amounts = fc.record({
      hold: fc.integer({ min: 1, max: 500 }),
      above: fc.integer({ min: 0, max: 2_000 }),
    });
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 19, size: "max" }), (calls) => {
        const { processor, states } = bench([policy({ limit: { usd: 1 } })]);
        const under = calls.flatMap(({ hold, above }) => {
          const decision = now(processor.reserve(call({ usd: hold / 1_000 })));
          return decision.granted ? [{ lease: decision.lease, hold, above }] : [];
        });
        for (const { lease, hold, above } of under)
          void lease.settle(dollars((hold + above) / 1_000));
        const most = under.reduce((sum, { above }) => sum + above, 0);
        expect(states()[0]?.reserved).toBe(0);
        expect(states()[0]?.spent).toBeLessThanOrEqual(1e9 + most * 1e6 + calls.length);
      }),
    );
  });
});

describe("an advisory budget", () => {
  test("holds nothing and acts once the limit is spent", () => {
    const { processor, lease, states } = bench([
      policy({ guarantee: "advisory", limit: { usd: 1, requests: 100 } }),
    ]);
    const two = [lease(call({ usd: 50 })), lease(call({ usd: 50 }))];
    expect(states()).toMatchObject([{ reserved: 0 }, { reserved: 0 }]);
    for (const held of two) void held.settle(dollars(0.5));
    expect(states()).toMatchObject([{ spent: 1e9 }, { spent: 2 }]);
    expect(refusal(now(processor.reserve(call())))).toMatchObject({
      reason: "exceeded",
      unit: "usd",
      remaining: 0,
    });
  });

  test("asks the call for no amounts", () => {
    const { lease } = bench([policy({ guarantee: "advisory" })]);
    const expected = vi.fn<() => Amounts>(() => dollars(1));
    lease(Object.defineProperty(call(), "expected", { get: expected }));
    expect(expected).not.toHaveBeenCalled();
  });
});
