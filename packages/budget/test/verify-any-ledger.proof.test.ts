import fc from "fast-check";
import { expect, test } from "vitest";
import { verifyLedger, type BudgetLease, type JournalEvent } from "../src/index.ts";
import { bench, by, dollars, granted, now, policy } from "./budget-call.ts";
import { figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";

const sequences = scale(300, 20_000);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ reserve: fc.nat(3), usd: fc.integer({ min: 0, max: 8 }) }) },
  { weight: 4, arbitrary: fc.record({ settle: fc.nat(20), usd: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ release: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ topUp: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ freeze: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ waitMs: fc.constantFrom(500, 40_000, 130_000, 7_200_000, 86_400_000) }),
  },
);

test(
  "every journal of any sequence of operations holds",
  { timeout: PROOF_TIMEOUT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const journal: JournalEvent[] = [];
        const policies = [
          policy({ onExceed: "deny" }),
          policy({ id: "rolling", limit: { usd: 20 }, window: { rolling: "1h", buckets: 4 } }),
          policy({ id: "task", limit: { usd: 15, requests: 6 }, window: "task" }),
          policy({ id: "hard", limit: { tokens: 900 }, window: "total", guarantee: "hard" }),
        ];
        const onJournal = (event: JournalEvent): void => void journal.push(event);
        const { processor, clock } = bench(policies, { onJournal });
        const leases: BudgetLease[] = [];
        for (const one of steps) {
          if ("waitMs" in one) await clock.advance(one.waitMs);
          if ("topUp" in one)
            await processor.topUp({ budget: "budget", amount: { usd: one.topUp } });
          if ("freeze" in one) {
            await (one.freeze ? processor.freeze : processor.unfreeze)({ budget: "rolling" });
          }
          if ("reserve" in one) {
            const asked = by({ task: `t${one.reserve}` }, { usd: one.usd });
            const decision = now(processor.reserve(asked));
            if (decision.granted) leases.push(granted(decision));
          }
          if ("settle" in one) void leases[one.settle]?.settle(dollars(one.usd));
          if ("release" in one) void leases[one.release]?.release();
        }
        expect(verifyLedger(journal).faults).toEqual([]);
      }),
      { numRuns: sequences },
    );
    figure(`journal: the checker finds no fault in ${sequences} random days`);
  },
);
