import { describe, expect, test } from "vitest";
import {
  bench,
  by,
  call,
  dollars,
  granted,
  now,
  policy,
  refusal,
  START,
  type Bench,
} from "./budget-call.ts";
import type { BudgetCall } from "../src/index.ts";
import { askOf, type Asking } from "./waiting.ts";

const MIDNIGHT = Date.UTC(2026, 2, 5);
const HOUR_MS = 3_600_000;

const THROTTLED = policy({ limit: { usd: 2 }, onExceed: "throttle", throttle: { maxWait: "30s" } });

function ask({ processor }: Bench, asked: BudgetCall = call()): Asking {
  return askOf(processor, asked);
}

describe("a throttled budget", () => {
  test("lets what fits pass at once", () => {
    const { lease } = bench([THROTTLED]);
    expect(lease().throttledMs).toBe(0);
  });

  test("wakes a waiting call as soon as another call gives enough back", async () => {
    const tested = bench([THROTTLED], { random: () => 0.999 });
    const [first] = [tested.lease(), tested.lease()];
    const waiting = ask(tested);
    await tested.clock.advance(700);
    expect(waiting.done).toBe(false);

    void first.settle(dollars(0));
    const { throttledMs } = granted(await waiting.decision);
    expect(throttledMs).toBe(700);
    expect(tested.clock.now()).toBe(START + 700);
  });

  test("refuses after maxWait, with what is left then", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(1.5);
    const waiting = ask(tested);
    await tested.clock.advance(29_999);
    expect(waiting.done).toBe(false);
    await tested.clock.advance(1);
    const decision = await waiting.decision;
    expect(decision).toMatchObject({ granted: false, throttledMs: 30_000 });
    expect(refusal(decision)).toEqual({
      budget: "budget",
      reason: "throttle_timeout",
      unit: "usd",
      limit: 2e9,
      remaining: 500_000_000,
      requested: 1e9,
      resetsAtMs: MIDNIGHT,
      detail: undefined,
    });
    expect(tested.states()).toMatchObject([{ reserved: 0 }]);
    expect(tested.clock.sleeping).toBe(0);
  });

  test("waits for the window's end when that comes sooner", async () => {
    const tested = bench([THROTTLED], { random: () => 0.999 });
    await tested.clock.advance(MIDNIGHT - START - 10_000);
    tested.spend(2);
    const waiting = ask(tested);
    await tested.clock.advance(9_999);
    expect(waiting.done).toBe(false);
    await tested.clock.advance(1);
    expect(granted(await waiting.decision).throttledMs).toBe(10_000);
    expect(tested.states()).toMatchObject([{ spent: 0, reserved: 1e9, windowStartMs: MIDNIGHT }]);
  });

  test("waits for what leaves a rolling window", async () => {
    const tested = bench([{ ...THROTTLED, window: { rolling: "10s", buckets: 10 } }]);
    tested.spend(2);
    const waiting = ask(tested);
    await tested.clock.advance(10_999);
    expect(waiting.done).toBe(false);
    await tested.clock.advance(1);
    expect(waiting.done).toBe(true);
  });

  test("refuses at once what can never fit", () => {
    const { processor } = bench([THROTTLED]);
    expect(now(processor.reserve(call({ usd: 2.5 })))).toMatchObject({
      granted: false,
      throttledMs: 0,
      refusal: { reason: "exceeded", detail: "more than the whole limit" },
    });
  });

  test("refuses at once when a budget that denies refuses too", () => {
    const { processor, spend } = bench([
      { ...THROTTLED, id: "slow" },
      policy({ id: "strict", limit: { usd: 2 } }),
    ]);
    spend(2);
    expect(now(processor.reserve(call()))).toMatchObject({ refusal: { budget: "strict" } });
  });

  test("rejects with the signal's reason when the app aborts, and takes nothing", async () => {
    const tested = bench([THROTTLED]);
    const first = tested.lease(call({ usd: 2 }));
    const abort = new AbortController();
    const waiting = ask(tested, call({ signal: abort.signal }));
    await tested.clock.advance(100);
    const reason = new Error("the user left");
    abort.abort(reason);
    await expect(waiting.decision).rejects.toBe(reason);
    void first.release();
    await tested.clock.advance(60_000);
    expect(tested.states()).toMatchObject([{ spent: 0, reserved: 0 }]);
    expect(tested.clock.sleeping).toBe(0);
  });

  test("rejects at once when the app has aborted already", async () => {
    const tested = bench([THROTTLED]);
    tested.lease(call({ usd: 2 }));
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(ask(tested, call({ signal })).decision).rejects.toThrow("too late");
  });

  test("serves those who wait in the order they came", async () => {
    const tested = bench([THROTTLED]);
    const busy = tested.lease(call({ usd: 2 }));
    const order: string[] = [];
    const waiting = ["a", "b", "c", "d"].map((id) => {
      const asking = ask(tested, call({ id, usd: 1 }));
      void asking.decision.then(() => order.push(id));
      return asking;
    });
    await tested.clock.advance(10);
    void busy.settle(dollars(0));
    await tested.clock.advance(0);
    expect(order).toEqual(["a", "b"]);
    void granted(await waiting[0]!.decision).settle(dollars(0.5));
    await tested.clock.advance(0);
    expect(order).toEqual(["a", "b"]);
    void granted(await waiting[1]!.decision).settle(dollars(0.5));
    await tested.clock.advance(0);
    expect(order).toEqual(["a", "b", "c"]);
  });

  test("a newcomer does not overtake those who wait, even when it would fit", async () => {
    const tested = bench([THROTTLED]);
    const busy = tested.lease(call({ usd: 1.5 }));
    const large = ask(tested, call({ usd: 2 }));
    const small = ask(tested, call({ usd: 0.25 }));
    await tested.clock.advance(5_000);
    expect([large.done, small.done]).toEqual([false, false]);
    void busy.release();
    void granted(await large.decision).settle(dollars(0.1));
    expect(granted(await small.decision).throttledMs).toBe(5_000);
  });

  test("a newcomer that can never fit does not wait behind others", () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    void ask(tested);
    expect(now(tested.processor.reserve(call({ usd: 3 })))).toMatchObject({ granted: false });
  });

  test("who waits for one agent's budget does not hold up another agent", async () => {
    const tested = bench([{ ...THROTTLED, each: ["agent"] }]);
    tested.spend(2, by({ agent: "busy" }));
    const waiting = ask(tested, by({ agent: "busy" }));
    expect(now(tested.processor.reserve(by({ agent: "other" }))).granted).toBe(true);
    await tested.clock.advance(30_000);
    expect((await waiting.decision).granted).toBe(false);
  });

  test("goes on to wait for the next budget that has no room", async () => {
    const tested = bench([
      { ...THROTTLED, id: "money", match: { project: "*" }, limit: { usd: 2 } },
      {
        ...THROTTLED,
        id: "rate",
        match: { agent: "*" },
        limit: { requests: 1 },
        window: { rolling: "20s", buckets: 20 },
      },
    ]);
    const busy = tested.lease(by({ project: "p" }, { usd: 2 }));
    const waiting = ask(tested, by({ project: "p", agent: "a" }));
    await tested.clock.advance(1_000);
    void tested.lease(by({ agent: "a" })).settle(dollars(1));
    void busy.release();
    await tested.clock.advance(20_999);
    expect(waiting.done).toBe(false);
    await tested.clock.advance(1);
    expect(granted(await waiting.decision).throttledMs).toBe(22_000);
  });

  test("tries again after random delays whose bound doubles from 1 s to 60 s", async () => {
    const tries: number[] = [];
    const tested = bench([{ ...THROTTLED, throttle: { maxWait: "300s" } }], {
      random: () => {
        tries.push(tested.clock.now() - START);
        return 0.5;
      },
    });
    tested.spend(2);
    const waiting = ask(tested);
    await tested.clock.advance(300_000);
    expect((await waiting.decision).granted).toBe(false);
    const delays = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(delays.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("of 100 calls that wait, as many pass as fit, and nothing stays reserved", async () => {
    const tested = bench([{ ...THROTTLED, limit: { usd: 40 } }]);
    const busy = tested.lease(call({ usd: 40 }));
    const waiting = Array.from({ length: 100 }, () => ask(tested));
    await tested.clock.advance(1_000);
    void busy.release();
    await tested.clock.advance(30_000);
    const decisions = await Promise.all(waiting.map(({ decision }) => decision));
    const leases = decisions.filter((decision) => decision.granted).map(granted);
    expect(leases).toHaveLength(40);
    for (const lease of leases) void lease.settle(dollars(1));
    expect(tested.states()).toMatchObject([{ spent: 40e9, reserved: 0 }]);
    expect(tested.clock.sleeping).toBe(0);
  });

  test("shutting down refuses those who wait", async () => {
    const tested = bench([THROTTLED]);
    tested.spend(2);
    const waiting = ask(tested);
    await tested.processor.shutdown();
    expect(refusal(await waiting.decision)).toMatchObject({ reason: "throttle_timeout" });
    await tested.clock.advance(0);
    expect(tested.clock.sleeping).toBe(0);
  });
});

describe("pacing", () => {
  const PACED = policy({
    limit: { requests: 20 },
    onExceed: "throttle",
    throttle: { maxWait: "2h" },
  });

  test("does not touch the first 80 % of a limit", () => {
    const { lease } = bench([PACED]);
    for (let n = 0; n < 17; n++) expect(lease().throttledMs).toBe(0);
  });

  test("spreads the last calls over the rest of the window", async () => {
    const tested = bench([PACED]);
    for (let n = 0; n < 17; n++) tested.lease();
    // Three calls are left for twelve hours. The first may leave, and then it is one in four hours.
    expect(tested.lease().throttledMs).toBe(0);
    const next = ask(tested);
    await tested.clock.advance(2 * HOUR_MS - 1);
    expect(next.done).toBe(false);
    await tested.clock.advance(1);
    expect(granted(await next.decision).throttledMs).toBe(2 * HOUR_MS);
  });

  test("does not slow a budget down that is used no faster than its window goes by", async () => {
    const { lease, clock } = bench([PACED]);
    await clock.advance(11.9 * HOUR_MS);
    for (let n = 0; n < 20; n++) expect(lease().throttledMs).toBe(0);
  });

  test("is forgotten by resetThrottle: who waits leaves at once, and so does the next", async () => {
    const tested = bench([PACED]);
    for (let n = 0; n < 18; n++) tested.lease();
    const next = ask(tested);
    await tested.clock.advance(60_000);
    expect(next.done).toBe(false);
    tested.processor.resetThrottle("another");
    await tested.clock.advance(0);
    expect(next.done).toBe(false);
    tested.processor.resetThrottle("budget");
    expect(granted(await next.decision).throttledMs).toBe(60_000);
    expect(tested.lease().throttledMs).toBe(0);
    expect(tested.clock.sleeping).toBe(0);
  });

  test("gives the hold back when the app aborts", async () => {
    const tested = bench([PACED]);
    for (let n = 0; n < 18; n++) tested.lease();
    const abort = new AbortController();
    const next = ask(tested, call({ signal: abort.signal }));
    expect(tested.states()).toMatchObject([{ reserved: 19 }]);
    await tested.clock.advance(1_000);
    abort.abort(new Error("the user left"));
    await expect(next.decision).rejects.toThrow("the user left");
    expect(tested.states()).toMatchObject([{ reserved: 18 }]);
  });
});

describe("a call that the provider is at work on already", () => {
  test.each(["throttle", "deny"] as const)("is booked over a limit that would %s", (onExceed) => {
    const limit = policy({ limit: { usd: 2 }, onExceed });
    const { lease, processor } = bench([limit]);
    void lease().settle(dollars(2));
    const decision = processor.reserve(call({ underway: true }));
    if (decision instanceof Promise || !decision.granted) throw new Error("it was held up");
    void decision.lease.settle(dollars(3));
    expect(processor.states()).toMatchObject([{ spent: 5_000_000_000, reserved: 0 }]);
  });

  test("is booked under a hard budget that cannot bound it", () => {
    const { processor } = bench([policy({ limit: { usd: 2 }, guarantee: "hard" })]);
    const unbounded = call({ underway: true, bound: () => ({ unboundable: "sound" }) });
    expect(processor.reserve(unbounded)).toMatchObject({ granted: true });
  });

  test("does not stand in the line of those that wait", async () => {
    const tested = bench([THROTTLED]);
    const first = [tested.lease(), tested.lease()];
    const waiting = ask(tested);
    expect(tested.processor.reserve(call({ underway: true }))).toMatchObject({ granted: true });
    expect(waiting.done).toBe(false);
    for (const lease of first) void lease.settle(dollars(0));
    await tested.clock.advance(30_000);
    await waiting.decision;
  });
});
