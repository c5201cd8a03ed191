import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMemoryStore, type Amounts, type BudgetCall, type CallBound } from "../src/index.ts";
import { bench, call, dollars, granted, now, policy, refusal } from "./budget-call.ts";

/** One cent per output token, a dollar for the input. */
function priced(maxOutputTokens: number): Amounts {
  return { nanoUsd: 1e9 + maxOutputTokens * 1e7, tokens: 50 + maxOutputTokens };
}

/** Asks for 1,000 tokens of output at most, 11 dollars; at least 16 make sense. */
function clippable(options: Partial<BudgetCall> = {}): BudgetCall {
  return call({
    expected: () => priced(1_000),
    bound: (cap) => priced(Math.min(1_000, cap ?? 1_000)),
    clip: { leastOutputTokens: 16, mostOutputTokens: 1_000 },
    ...options,
  });
}

describe.each(["hard", "bounded"] as const)("a %s budget that clips", (guarantee) => {
  const clipping = policy({ clip: true, guarantee });

  test("grants the largest output that fits, and holds what that may cost", () => {
    const { processor, states } = bench([clipping]);
    const lease = granted(now(processor.reserve(clippable())));
    expect(lease.maxOutputTokens).toBe(900);
    expect(states()).toMatchObject([{ reserved: 10e9, remaining: 0 }]);
  });

  test("leaves a call alone that fits as it is", () => {
    const { lease } = bench([policy({ clip: true, guarantee, limit: { usd: 11 } })]);
    expect(lease(clippable()).maxOutputTokens).toBeUndefined();
  });

  test("refuses what does not fit with the least output either, as it was asked", () => {
    const { processor, spend, states } = bench([clipping]);
    spend(8.85);
    expect(refusal(now(processor.reserve(clippable())))).toMatchObject({
      reason: "exceeded",
      remaining: 1.15e9,
      requested: 11e9,
    });
    expect(states()).toMatchObject([{ reserved: 0 }]);
  });

  test("refuses a request that cannot be capped", () => {
    const { processor } = bench([clipping]);
    expect(refusal(now(processor.reserve(clippable({ clip: undefined }))))).toMatchObject({
      requested: 11e9,
    });
  });

  test("never lets a call run uncapped on a smaller hold", () => {
    const { processor, states } = bench([clipping]);
    const lease = granted(now(processor.reserve(clippable())));
    void lease.settle(priced(lease.maxOutputTokens ?? 0));
    expect(states()).toMatchObject([{ spent: 10e9, remaining: 0 }]);
  });

  test("says in a check which cap it would take", () => {
    const { processor, states } = bench([clipping]);
    expect(now(processor.check(clippable()))).toMatchObject({
      action: "allow",
      maxOutputTokens: 900,
    });
    expect(states()).toMatchObject([{ reserved: 0 }]);
  });

  test("asked again for a running call it names the same cap", () => {
    const { processor } = bench([clipping]);
    const asked = clippable();
    const first = granted(now(processor.reserve(asked)));
    expect(granted(now(processor.reserve(asked))).maxOutputTokens).toBe(first.maxOutputTokens);
  });
});

test("several budgets that clip agree on the smallest cap", () => {
  const { processor, states } = bench([
    policy({ id: "wide", clip: true, limit: { usd: 9 } }),
    policy({ id: "narrow", clip: true, limit: { tokens: 150 } }),
    policy({ id: "middle", clip: true, limit: { usd: 5 } }),
  ]);
  expect(granted(now(processor.reserve(clippable()))).maxOutputTokens).toBe(100);
  expect(states().map(({ reserved }) => reserved)).toEqual([2e9, 150, 2e9]);
});

test("a budget that does not clip refuses what does not fit it", () => {
  const { processor } = bench([
    policy({ id: "clips", clip: true, limit: { usd: 5 } }),
    policy({ id: "strict", limit: { usd: 9 }, window: "total" }),
  ]);
  expect(refusal(now(processor.reserve(clippable()))).budget).toBe("strict");
});

function boundOnlyByCap(cap: number | undefined): CallBound {
  return cap === undefined ? { unboundable: "no limit on output tokens" } : priced(cap);
}

test("clipping bounds a request that names no limit of its own", () => {
  const { processor } = bench([policy({ guarantee: "hard", clip: true })]);
  const lease = granted(now(processor.reserve(clippable({ bound: boundOnlyByCap }))));
  expect(lease.maxOutputTokens).toBe(900);
});

test("a frozen budget clips nothing", async () => {
  const { processor } = bench([policy({ clip: true })]);
  await processor.freeze({ budget: "budget" });
  expect(refusal(now(processor.reserve(clippable()))).reason).toBe("frozen");
});

test("a throttled call waits only when no part fits", async () => {
  const { processor, lease } = bench([policy({ clip: true, onExceed: "throttle" })]);
  const first = lease(clippable());
  expect(first.maxOutputTokens).toBe(900);
  const waiting = processor.reserve(clippable());
  expect(waiting).toBeInstanceOf(Promise);
  void first.settle(dollars(4));
  expect(granted(await waiting).maxOutputTokens).toBe(500);
});

/** The same said plainly: the whole request, or the largest part of at least so much. */
function largestFitting(totalNanoUsd: number, least: number, most: number): number | undefined {
  for (let tokens = most; tokens >= Math.min(least, most); tokens--) {
    if (tokens < most && tokens < least) return undefined;
    if ((priced(tokens).nanoUsd ?? 0) <= totalNanoUsd) return tokens;
  }
  return undefined;
}

test("whatever is left and asked, a clipped call fits and one token more would not", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000_000_000 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 1, max: 2_000 }),
      (limitNanoUsd, least, most) => {
        const limit = { usd: limitNanoUsd / 1e9 };
        const { processor, states } = bench([policy({ limit, clip: true, guarantee: "hard" })], {
          store: createMemoryStore(),
        });
        const decision = now(
          processor.reserve(
            clippable({
              bound: (cap) => priced(Math.min(most, cap ?? most)),
              clip: { leastOutputTokens: least, mostOutputTokens: most },
            }),
          ),
        );
        const total = states()[0]?.limit ?? 0;
        const wanted = largestFitting(total, least, most);
        const cap = decision.granted ? (decision.lease.maxOutputTokens ?? most) : undefined;
        expect(cap).toBe(wanted);
        const held = cap === undefined ? 0 : priced(cap).nanoUsd;
        expect(states()).toMatchObject([{ reserved: held }]);
      },
    ),
  );
});
