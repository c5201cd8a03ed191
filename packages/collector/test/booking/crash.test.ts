import type { BudgetProcessor } from "@tollgate/budget";
import type { Ledger } from "@tollgate/ledger";
import { describe, expect, test } from "vitest";
import { newFolder, openPipeline, type Pipeline } from "./open-pipeline.ts";
import { CALL_NANO_USD, CALL_TOKENS, callSpan } from "./told.ts";

const CALLS = 3;
const ONCE = { nanoUsd: CALLS * CALL_NANO_USD, tokens: CALLS * CALL_TOKENS, requests: CALLS };
const MINUTE_MS = 60_000;

/** Where a charge is when the process dies. */
type Point = "before the hold" | "held, not confirmed" | "confirmed, not ended" | "ended";

/** Lets a budget get to a point with each charge and no further, as if the process stood still there. */
function stopAt(point: Point): {
  wrapBudget(budget: BudgetProcessor): BudgetProcessor;
  reached: Promise<void>;
} {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const never = (): Promise<void> => {
    resolve();
    return new Promise(() => undefined);
  };
  return {
    reached,
    wrapBudget: (budget) => ({
      ...budget,
      async charge(charge, confirm) {
        if (point === "before the hold") return never();
        await budget.charge(charge, async () => {
          if (point === "held, not confirmed") await never();
          await confirm?.();
          if (point === "confirmed, not ended") await never();
        });
        return never();
      },
    }),
  };
}

async function bookAndDie(folder: string, point: Point): Promise<Pipeline> {
  const { wrapBudget, reached } = stopAt(point);
  const dying = await openPipeline({ folder, wrapBudget });
  await dying.spans(Array.from({ length: CALLS }, (_, index) => callSpan(index + 1)));
  await dying.clock.advance(11_000);
  void dying.booking.settle();
  await reached;
  await dying.crash();
  return dying;
}

describe("a process that dies while it charges has charged once when the next is done", () => {
  test.each<Point>(["before the hold", "held, not confirmed", "confirmed, not ended", "ended"])(
    "%s",
    async (point) => {
      const folder = newFolder();
      const dead = await bookAndDie(folder, point);
      await dead.clock.advance(MINUTE_MS);
      const next = await openPipeline({ folder, clock: dead.clock });
      // A hold whose process is gone becomes spend when its time is over.
      await next.clock.advance(30 * MINUTE_MS);
      await next.booking.settle();
      await next.clock.advance(26 * 60 * MINUTE_MS);
      await next.booking.settle();
      expect(await next.spent()).toEqual(ONCE);
      expect(await next.ledger.pendingCharges({ beforeMs: Number.MAX_SAFE_INTEGER })).toEqual([]);
      expect(await next.summary()).toMatchObject({ events: CALLS, costNanoUsd: ONCE.nanoUsd });
    },
  );

  test("again and again at the same place", async () => {
    const folder = newFolder();
    let last = await bookAndDie(folder, "held, not confirmed");
    for (const point of ["held, not confirmed", "before the hold"] as const) {
      const { wrapBudget, reached } = stopAt(point);
      // oxlint-disable-next-line no-await-in-loop -- one death after the other
      await last.clock.advance(2 * MINUTE_MS);
      const opening = openPipeline({ folder, clock: last.clock, wrapBudget });
      // oxlint-disable-next-line no-await-in-loop
      await reached;
      void opening.catch(() => undefined);
    }
    await last.clock.advance(2 * MINUTE_MS);
    last = await openPipeline({ folder, clock: last.clock });
    await last.clock.advance(26 * 60 * MINUTE_MS);
    await last.booking.settle();
    expect(await last.spent()).toEqual(ONCE);
  });
});

/** A ledger whose answers get lost now and then: what it was asked for has happened or not. */
function losingAnswers(lost: ReadonlySet<number>): (ledger: Ledger) => Ledger {
  let asked = 0;
  async function answer<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = await work();
    if (lost.has(++asked)) throw new Error("the answer was lost");
    return result;
  }
  return (ledger) => ({
    ...ledger,
    take: (...args) => answer(() => ledger.take(...args)),
    resolve: (...args) => answer(() => ledger.resolve(...args)),
  });
}

test("when the ledger's answers are lost the sender sends again, and nothing counts twice", async () => {
  const pipeline = await openPipeline({ wrapLedger: losingAnswers(new Set([1, 3])) });
  const batch = [callSpan(1), callSpan(2), callSpan(3)];
  await expect(pipeline.spans(batch)).rejects.toThrow("lost");
  await pipeline.spans(batch);
  await pipeline.clock.advance(60_000);
  await expect(pipeline.booking.settle()).rejects.toThrow("lost");
  await pipeline.clock.advance(60_000);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ events: 3 });
  expect(await pipeline.spent()).toEqual(ONCE);
});

test("while the budget store is away charges stay written down, and are made once it is back", async () => {
  let isAway = true;
  const pipeline = await openPipeline({
    wrapBudget: (budget) => ({
      ...budget,
      charge(charge, confirm) {
        if (isAway) return Promise.reject(new Error("the store is away"));
        return budget.charge(charge, confirm);
      },
    }),
  });
  await pipeline.spans([callSpan(1), callSpan(2), callSpan(3)]);
  await pipeline.settle();
  expect(await pipeline.summary()).toMatchObject({ events: CALLS });
  expect(await pipeline.spent()).toMatchObject({ requests: 0 });
  isAway = false;
  await pipeline.settle();
  expect(await pipeline.spent()).toEqual(ONCE);
});
