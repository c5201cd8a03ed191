import { describe, expect, test } from "vitest";
import { parseGuards, type BudgetCall, type GuardInput, type RunawayAlert } from "../src/index.ts";
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

const MINUTE_MS = 60_000;

function guarded(
  guard: Partial<GuardInput>,
  policies = [policy({ match: { user: "x" } })],
): Bench & {
  readonly alerts: RunawayAlert[];
  asked(options?: Partial<BudgetCall>): boolean;
} {
  const made = bench(policies, { guards: [{ id: "guard", action: "deny", ...guard }] });
  const alerts: RunawayAlert[] = [];
  made.processor.onRunaway((alert) => alerts.push(alert));
  const asked = (options: Partial<BudgetCall> = {}): boolean =>
    now(made.processor.reserve(by({ agent: "a" }, options))).granted;
  return { ...made, alerts, asked };
}

async function learn({ clock, processor }: Bench, minutes: number): Promise<void> {
  for (let calls = 0; calls < minutes * 4; calls++) {
    void granted(now(processor.reserve(by({ agent: "a" })))).settle(dollars(0.01));
    // oxlint-disable-next-line no-await-in-loop -- time goes on in steps
    await clock.advance(MINUTE_MS / 4);
  }
}

function alike(): BudgetCall {
  return by({ agent: "a" }, { fingerprint: "same" });
}

describe("calls per minute", () => {
  test("more than allowed are refused, and a minute later let through again", async () => {
    const { processor, asked, clock } = guarded({ callsPerMinute: 3 });
    expect([asked(), asked(), asked(), asked()]).toEqual([true, true, true, false]);
    const refused = refusal(now(processor.reserve(by({ agent: "a" }))));
    expect(refused).toMatchObject({
      budget: "guard",
      reason: "runaway",
      unit: "requests",
      limit: 3,
      detail: '5 calls of agent "a" within a minute, 3 are allowed',
    });
    expect(refused.resetsAtMs).toBeGreaterThan(clock.now());
    await clock.advance(MINUTE_MS);
    expect(asked()).toBe(true);
  });

  test("each agent is watched apart; calls without one are not", () => {
    const { processor, asked } = guarded({ callsPerMinute: 1 });
    expect([asked(), asked()]).toEqual([true, false]);
    for (const other of [by({ agent: "b" }), call(), call()]) {
      expect(now(processor.reserve(other)).granted).toBe(true);
    }
  });

  test("one agent that asks again and again stays refused", async () => {
    const { asked, clock } = guarded({ callsPerMinute: 2 });
    for (let calls = 0; calls < 3; calls++) asked();
    for (let minutes = 0; minutes < 5; minutes++) {
      // oxlint-disable-next-line no-await-in-loop -- time goes on in steps
      for (let calls = 0; calls < 3; calls++)
        await clock.advance(MINUTE_MS / 3).then(() => asked());
      expect(asked()).toBe(false);
    }
  });

  test("a call that asks again for its lease is one call", () => {
    const { processor } = guarded({ callsPerMinute: 1 }, [policy()]);
    const asked = by({ agent: "a" });
    granted(now(processor.reserve(asked)));
    expect(now(processor.reserve(asked)).granted).toBe(true);
  });

  test("what is under way already is counted and reported, not refused", () => {
    const { asked, processor } = guarded({ callsPerMinute: 1 });
    expect([asked(), asked({ underway: true })]).toEqual([true, true]);
    expect(processor.explain({})).toHaveLength(1);
  });
});

describe("identical requests in a row", () => {
  test("too many are refused until another one comes", () => {
    const { asked } = guarded({ identicalInARow: 3 });
    const same = { fingerprint: "same" };
    expect([asked(same), asked(same), asked(same), asked(same)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([asked({ fingerprint: "other" }), asked(same)]).toEqual([true, true]);
  });

  test("requests without a fingerprint are never alike", () => {
    const { asked } = guarded({ identicalInARow: 2 });
    expect([asked(), asked(), asked()]).toEqual([true, true, true]);
  });

  test("a poll once a minute is no loop", async () => {
    const { asked, clock } = guarded({ identicalInARow: 2 });
    for (let polls = 0; polls < 5; polls++) {
      expect(asked({ fingerprint: "poll" })).toBe(true);
      // oxlint-disable-next-line no-await-in-loop -- time goes on in steps
      await clock.advance(MINUTE_MS);
    }
  });
});

describe("acceleration", () => {
  test("many times the usual calls are refused", async () => {
    const made = guarded({ acceleration: 4 });
    await learn(made, 30);
    let passed = 0;
    while (made.asked() && passed < 100) passed++;
    expect(passed).toBeGreaterThan(12);
    expect(passed).toBeLessThan(25);
  });

  test("dear calls are noticed as well as many", async () => {
    const made = guarded({ acceleration: 4 });
    await learn(made, 30);
    void granted(now(made.processor.reserve(by({ agent: "a" })))).settle(dollars(10));
    expect(refusal(now(made.processor.reserve(by({ agent: "a" })))).detail).toMatch(
      /the last minute of agent "a" brought \d+\.\d times the usual/,
    );
  });

  test("says nothing before it has learned", async () => {
    const made = guarded({ acceleration: 4 });
    await learn(made, 10);
    for (let calls = 0; calls < 200; calls++) expect(made.asked()).toBe(true);
  });

  test("does not learn from a runaway that it lets through", async () => {
    const made = guarded({ acceleration: 4, action: "alert" });
    await learn(made, 30);
    for (let minute = 0; minute < 60; minute++) {
      for (let calls = 0; calls < 60; calls++) made.asked();
      // oxlint-disable-next-line no-await-in-loop -- time goes on in steps
      await made.clock.advance(MINUTE_MS);
    }
    for (let calls = 0; calls < 60; calls++) made.asked();
    expect(now(made.processor.check(by({ agent: "a" }))).remarks).toHaveLength(2);
  });
});

describe("what a guard does", () => {
  test("alert lets calls through and tells once, again after a quiet minute", async () => {
    const { asked, alerts, clock } = guarded({ callsPerMinute: 2, action: "alert" });
    for (let calls = 0; calls < 10; calls++) expect(asked()).toBe(true);
    await clock.advance(2 * MINUTE_MS);
    expect(alerts).toEqual([
      {
        guard: "guard",
        scope: { agent: "a" },
        sign: "calls_per_minute",
        action: "alert",
        observed: 3,
        limit: 2,
        atMs: expect.any(Number) as unknown,
      },
    ]);
    for (let calls = 0; calls < 10; calls++) asked();
    await clock.advance(0);
    expect(alerts).toHaveLength(2);
  });

  test("throttle makes each call wait longer than the one before", async () => {
    const { processor, clock } = guarded({ identicalInARow: 2, action: "throttle" });
    granted(now(processor.reserve(alike())));
    for (const delayMs of [1_000, 2_000, 4_000]) {
      const waiting = processor.reserve(alike());
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await clock.advance(delayMs);
      // oxlint-disable-next-line no-await-in-loop
      expect(granted(await waiting).throttledMs).toBe(delayMs);
    }
  });

  test("a throttled call can be aborted", async () => {
    const { processor } = guarded({ identicalInARow: 2, action: "throttle" });
    const controller = new AbortController();
    const same = by({ agent: "a" }, { fingerprint: "same", signal: controller.signal });
    granted(now(processor.reserve({ ...same, id: "first" })));
    const waiting = processor.reserve(same);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  test("decisions and checks speak of it", async () => {
    const { processor, asked, clock } = guarded({ callsPerMinute: 1 }, [policy()]);
    const told: unknown[] = [];
    processor.onDecision(({ action, budget, reason }) => told.push([action, budget, reason]));
    asked();
    expect(now(processor.check(by({ agent: "a" })))).toMatchObject({
      action: "deny",
      refusal: { budget: "guard", reason: "runaway" },
      remarks: ['guard guard: 2 calls of agent "a" within a minute, 1 are allowed'],
    });
    asked();
    await clock.advance(0);
    expect(told).toEqual([
      ["allow", undefined, "fits"],
      ["deny", "guard", "runaway"],
    ]);
  });
});

describe("a guard that makes no sense is refused", () => {
  test.each([
    [[{ id: "g" }], /guard 0 \("g"\): name at least one of callsPerMinute/],
    [[{ id: "g", callsPerMinuet: 3 }], /callsPerMinuet/],
    [[{ id: "g", callsPerMinute: 0 }], /callsPerMinute: write a whole number of calls from 1/],
    [[{ id: "g", identicalInARow: 1 }], /identicalInARow: write a whole number from 2/],
    [[{ id: "g", acceleration: 1e300 }], /acceleration: write how many times/],
    [
      [{ id: "g", callsPerMinute: 3, action: "kill" }],
      /action: write "deny", "throttle" or "alert"/,
    ],
    [
      [
        { id: "g", callsPerMinute: 3 },
        { id: "g", callsPerMinute: 3 },
      ],
      /guard "g": id: a budget or guard has this id already/,
    ],
    [[{ id: "daily", callsPerMinute: 3 }], /a budget or guard has this id already/],
    ["loops", /write a list of guards/],
  ])("%j", (input, message) => {
    expect(() => parseGuards(input, ["daily"])).toThrow(message);
  });
});
