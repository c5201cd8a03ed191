import { createBudgetProcessor, type BudgetCall } from "@tollgate/budget";
import { ATTRIBUTION, hardPolicies } from "../lanes/hard-policies.ts";
import type { Part } from "./part.ts";

const HELD = { nanoUsd: 600_000, tokens: 1_100 };
const USED = { nanoUsd: 50_850, tokens: 99 };

const budgetCall = (id: string): BudgetCall => ({
  id,
  attribution: ATTRIBUTION,
  provider: "openai",
  model: "gpt-4o-mini",
  expected: () => HELD,
  bound: () => HELD,
});

/** Asks and settles at once, as a memory store does. */
function reserveAndSettle(budgets: number): () => void {
  const processor = createBudgetProcessor({ policies: hardPolicies(budgets) });
  let calls = 0;
  return () => {
    const decision = processor.reserve(budgetCall(`call-${calls++}`));
    if (decision instanceof Promise || !decision.granted) throw new Error("no lease at once");
    void decision.lease.settle(USED);
  };
}

/** What no counting can do without: find each counter twice, and keep the lease in between. */
function bareCounting(budgets: number): () => void {
  const keys = Array.from({ length: budgets }, (_, index) => `budget-${index}|acme|atlas`);
  const counters = new Map(keys.map((key) => [key, { spent: 0, reserved: 0 }]));
  const leases = new Map<string, number>();
  let calls = 0;
  return () => {
    const id = `call-${calls++}`;
    for (const key of keys) {
      const counter = counters.get(key);
      if (counter) counter.reserved += HELD.nanoUsd;
    }
    leases.set(id, HELD.nanoUsd);
    const held = leases.get(id) ?? 0;
    for (const key of keys) {
      const counter = counters.get(key);
      if (!counter) continue;
      counter.reserved -= held;
      counter.spent += USED.nanoUsd;
    }
    leases.delete(id);
  };
}

export const BUDGET_PARTS: readonly Part[] = [1, 4, 8].map((budgets) => ({
  name: `reserve + settle, ${budgets} in memory`,
  run: reserveAndSettle(budgets),
  floor: "the same Map operations",
  runFloor: bareCounting(budgets),
}));
