import { describe, expect, test } from "vitest";
import type { BudgetCharge } from "../src/index.ts";
import { bench, call, dollars, policy } from "./budget-call.ts";

function charge(usd: number, more: Partial<BudgetCharge> = {}): BudgetCharge {
  return {
    id: crypto.randomUUID(),
    attribution: {},
    provider: "openai",
    model: "gpt-5",
    used: dollars(usd),
    requests: 1,
    ...more,
  };
}

describe("what was used without asking", () => {
  test("is booked in every unit of every budget above it", () => {
    const { processor, states } = bench([
      policy({ limit: { usd: 10, tokens: 5_000, requests: 100 } }),
      policy({ id: "mine", match: { project: "atlas" } }),
      policy({ id: "other", match: { project: "else" } }),
    ]);
    void processor.charge(charge(2, { attribution: { project: "atlas" }, requests: 30 }));
    expect(
      states().map(({ budget, unit, spent, reserved }) => [budget, unit, spent, reserved]),
    ).toEqual(
      expect.arrayContaining([
        ["budget", "usd", 2e9, 0],
        ["budget", "tokens", 200, 0],
        ["budget", "requests", 30, 0],
        ["mine", "usd", 2e9, 0],
      ]),
    );
    expect(states().find(({ budget }) => budget === "other")?.spent ?? 0).toBe(0);
  });

  test("is booked above a hard limit too, which then refuses the next call", async () => {
    const { processor, states } = bench([policy({ guarantee: "hard" })]);
    void processor.charge(charge(12));
    expect(states()[0]).toMatchObject({ spent: 12e9, remaining: -2e9 });
    expect(await processor.reserve(call({ usd: 0.01 }))).toMatchObject({ granted: false });
  });

  test("crosses thresholds", async () => {
    const { processor } = bench([policy()]);
    const crossed: number[] = [];
    processor.onAlert(({ threshold }) => crossed.push(threshold));
    void processor.charge(charge(9));
    await Promise.resolve();
    expect(crossed).toEqual([50, 80]);
  });

  test("is nothing in dollars when it has no price", () => {
    const { processor, states } = bench([policy()]);
    void processor.charge(charge(0, { used: { nanoUsd: undefined, tokens: Number.NaN } }));
    expect(states()[0]).toMatchObject({ spent: 0, reserved: 0 });
  });

  test("of a window that is over is not charged to the one of now", () => {
    const { processor, states, clock } = bench([
      policy({ id: "day" }),
      policy({ id: "hour", window: { rolling: "1h" } }),
      policy({ id: "ever", window: "total" }),
    ]);
    void processor.charge(charge(2, { timeMs: clock.now() - 25 * 3_600_000 }));
    void processor.charge(charge(1, { timeMs: clock.now() - 60_000 }));
    expect(states().map(({ budget, spent }) => [budget, spent])).toEqual(
      expect.arrayContaining([
        ["day", 1e9],
        ["hour", 1e9],
        ["ever", 3e9],
      ]),
    );
  });
});

describe("a charge that is confirmed", () => {
  test("is held while it is confirmed, and spent after", async () => {
    const { processor, states } = bench([policy()]);
    await processor.charge(charge(2), () => {
      expect(states()[0]).toMatchObject({ spent: 0, reserved: 2e9 });
    });
    expect(states()[0]).toMatchObject({ spent: 2e9, reserved: 0 });
  });

  test("is made once when it is made again because it could not be confirmed", async () => {
    const { processor, states, clock } = bench([policy()]);
    const once = charge(2);
    const away = new Error("the ledger is away");
    await expect(processor.charge(once, () => Promise.reject(away))).rejects.toThrow(
      "the ledger is away",
    );
    await clock.advance(130_000);
    expect(states()[0]).toMatchObject({ spent: 2e9, reserved: 0 });
    await processor.charge(once, () => undefined);
    expect(states()[0]).toMatchObject({ spent: 2e9, reserved: 0 });
  });

  test("is confirmed also where no budget is for it", async () => {
    const { processor } = bench([]);
    let confirmed = 0;
    await processor.charge(charge(2), () => void confirmed++);
    expect(confirmed).toBe(1);
  });
});
