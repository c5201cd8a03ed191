import type { Attribution } from "@tollgate/core";
import type { Metering } from "@tollgate/metering";
import { createFakeClock, type FakeClock } from "@tollgate/testkit";
import {
  createBudgetProcessor,
  type Amounts,
  type BudgetCall,
  type BudgetDecision,
  type BudgetLease,
  type BudgetProcessor,
  type BudgetProcessorOptions,
  type BudgetState,
  type PolicyInput,
} from "../src/index.ts";

export const NO_AGGREGATES: Metering = {
  record() {},
  recordRun() {},
  bind: () => () => {},
  totals: () => [],
};

let calls = 0;

/** A call for one dollar and 100 tokens, bounded by two dollars and 200 tokens. */
export function call(
  options: Partial<BudgetCall> & { usd?: number; most?: number } = {},
): BudgetCall {
  const { usd = 1, most = usd * 2, ...rest } = options;
  return {
    id: `call-${++calls}`,
    attribution: {},
    provider: "openai",
    model: "gpt-5",
    expected: () => dollars(usd),
    bound: () => dollars(most),
    ...rest,
  };
}

export function by(attribution: Attribution, options: Parameters<typeof call>[0] = {}): BudgetCall {
  return call({ attribution, ...options });
}

export function dollars(usd: number): Amounts {
  return { nanoUsd: usd * 1e9, tokens: usd * 100 };
}

export function policy(options: Partial<PolicyInput> = {}): PolicyInput {
  return { id: "budget", limit: { usd: 10 }, window: "day", ...options };
}

export interface Bench {
  readonly processor: BudgetProcessor;
  readonly clock: FakeClock;
  /** Reserves and expects a lease at once. */
  lease(asked?: BudgetCall): BudgetLease;
  spend(usd: number, asked?: BudgetCall): void;
  states(): readonly BudgetState[];
}

export const START: number = Date.UTC(2026, 2, 4, 12);

export function bench(
  policies: readonly PolicyInput[],
  options: Omit<BudgetProcessorOptions, "policies"> = {},
): Bench {
  const clock = createFakeClock(START);
  const processor = createBudgetProcessor({
    clock,
    aggregates: NO_AGGREGATES,
    random: () => 0.5,
    ...options,
    policies,
  });
  const lease = (asked = call()): BudgetLease => granted(now(processor.reserve(asked)));
  return {
    processor,
    clock,
    lease,
    spend: (usd, asked) => void lease(asked).settle(dollars(usd)),
    states: () => now(processor.states()),
  };
}

/** For what a memory store answers at once. */
export function now<Value>(value: Value | Promise<Value>): Value {
  if (value instanceof Promise) throw new Error("expected an answer at once");
  return value;
}

export function granted(decision: BudgetDecision): BudgetLease {
  if (!decision.granted) throw new Error(`refused by ${decision.refusal.budget}`);
  return decision.lease;
}

export function refusal(
  decision: BudgetDecision,
): Extract<BudgetDecision, { granted: false }>["refusal"] {
  if (decision.granted) throw new Error("expected a refusal");
  return decision.refusal;
}
