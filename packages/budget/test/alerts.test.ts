import { diag } from "@opentelemetry/api";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { BudgetAlert, BudgetDecisionEvent } from "../src/index.ts";
import { bench, by, call, dollars, now, policy } from "./budget-call.ts";

const CODER = { agent: "coder" };
const MIDNIGHT = Date.UTC(2026, 2, 5);

const quiet = (): void => {};

afterEach(() => diag.disable());

describe("thresholds", () => {
  test("are told once per window, with budget, scope, limit and spend", async () => {
    const { processor, spend, clock } = bench([
      policy({ id: "agents", each: ["agent"], alertAt: [50, 100] }),
    ]);
    const alerts: BudgetAlert[] = [];
    processor.onAlert((alert) => alerts.push(alert));
    spend(5, by(CODER));
    expect(alerts).toEqual([]);
    await clock.advance(0);
    expect(alerts).toEqual([
      {
        budget: "agents",
        unit: "usd",
        scope: { agent: "coder" },
        threshold: 50,
        limit: 10e9,
        spent: 5e9,
        windowEndMs: MIDNIGHT,
      },
    ]);
    spend(1, by(CODER));
    spend(7, by(CODER));
    spend(1, by({ agent: "critic" }));
    await clock.advance(0);
    expect(alerts.slice(1)).toMatchObject([{ threshold: 100, spent: 13e9 }]);

    await clock.advance(12 * 3_600_000);
    spend(6, by(CODER));
    await clock.advance(0);
    expect(alerts.slice(2)).toMatchObject([{ threshold: 50, spent: 6e9 }]);
  });

  test("of a total budget have no window end", async () => {
    const { processor, spend, clock } = bench([policy({ window: "total", alertAt: [10] })]);
    const alerts: BudgetAlert[] = [];
    processor.onAlert((alert) => alerts.push(alert));
    spend(1);
    await clock.advance(0);
    expect(alerts).toMatchObject([{ threshold: 10, windowEndMs: undefined }]);
  });

  test("a listener that fails harms neither the call nor other listeners", async () => {
    const errors: unknown[] = [];
    const error = (...args: unknown[]): void => void errors.push(args);
    diag.setLogger({ error, warn: quiet, info: quiet, debug: quiet, verbose: quiet });
    const { processor, spend, clock } = bench([policy({ alertAt: [10] })]);
    const heard = vi.fn<() => void>();
    processor.onAlert(() => {
      throw new Error("no network");
    });
    processor.onAlert(heard);
    spend(1);
    await clock.advance(0);
    expect(heard).toHaveBeenCalledOnce();
    expect(errors).toHaveLength(1);
  });

  test("a listener that was taken off hears nothing", async () => {
    const { processor, spend, clock } = bench([policy({ alertAt: [10] })]);
    const heard = vi.fn<() => void>();
    const off = processor.onAlert(heard);
    off();
    off();
    spend(1);
    await clock.advance(0);
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("a budget that only alerts", () => {
  test("lets every call through and says so", async () => {
    const { processor, lease, states, clock } = bench([
      policy({ id: "soft", limit: { usd: 1.5 }, onExceed: "alert" }),
    ]);
    const said: string[] = [];
    processor.onDecision(({ action, budget, reason }) =>
      said.push(`${action} ${budget ?? "-"} ${reason}`),
    );
    lease();
    lease();
    expect(states()).toMatchObject([{ reserved: 2e9, remaining: -500_000_000 }]);
    await clock.advance(0);
    expect(said).toEqual(["allow - fits", "alert soft exceeded"]);
  });

  test("does so too when it is advisory, once its limit is spent", async () => {
    const { processor, spend, clock } = bench([
      policy({ id: "soft", limit: { usd: 1 }, onExceed: "alert", guarantee: "advisory" }),
    ]);
    const actions: string[] = [];
    processor.onDecision(({ action }) => actions.push(action));
    spend(0.5);
    spend(0.5);
    spend(0.5);
    await clock.advance(0);
    expect(actions).toEqual(["allow", "allow", "alert"]);
  });

  test("lets a call pass that cannot be bounded, and says so", async () => {
    const { processor, lease, clock } = bench([policy({ guarantee: "hard", onExceed: "alert" })]);
    const said: string[] = [];
    processor.onDecision(({ action, reason }) => said.push(`${action} ${reason}`));
    lease(call({ bound: () => ({ unboundable: "media" }) }));
    await clock.advance(0);
    expect(said).toEqual(["alert unboundable"]);
  });
});

describe("decisions", () => {
  test("tell what was denied and how long a call waited", async () => {
    const { processor, lease, clock } = bench([
      policy({ id: "strict", match: { agent: "a" }, limit: { usd: 1 } }),
      policy({ id: "slow", match: { agent: "b" }, limit: { usd: 1 }, onExceed: "throttle" }),
    ]);
    const decisions: BudgetDecisionEvent[] = [];
    processor.onDecision((decision) => decisions.push(decision));
    const denied = by({ agent: "a" }, { usd: 2 });
    now(processor.reserve(denied));
    const held = lease(by({ agent: "b" }));
    const waiting = processor.reserve(by({ agent: "b" }));
    await clock.advance(300);
    void held.settle(dollars(0));
    await waiting;
    await clock.advance(0);
    expect(decisions).toEqual([
      { call: denied, action: "deny", budget: "strict", reason: "exceeded", throttledMs: 0 },
      expect.objectContaining({ action: "allow", budget: undefined, reason: "fits" }),
      expect.objectContaining({
        action: "throttle",
        budget: "slow",
        reason: "exceeded",
        throttledMs: 300,
      }),
    ]);
  });

  test("are not made for calls that no budget is for", async () => {
    const { processor, lease, clock } = bench([]);
    const heard = vi.fn<() => void>();
    processor.onDecision(heard);
    lease();
    await clock.advance(0);
    expect(heard).not.toHaveBeenCalled();
  });
});
