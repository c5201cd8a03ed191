import {
  createBudgetProcessor,
  parsePolicies,
  type BudgetProcessor,
  type GuardInput,
} from "@tollgate/budget";
import type { UsageEvent } from "@tollgate/core";
import { startFakeProvider, type FakeProvider, type FakeProviderOptions } from "@tollgate/testkit";
import { onTestFinished } from "vitest";
import { createMeteredFetch, type Fetch, type MeteringOptions } from "../src/fetch/index.ts";

/** A metered fetch on a fake provider, with everything it booked. */
export interface Rig {
  readonly provider: FakeProvider;
  readonly fetch: Fetch;
  readonly budget: BudgetProcessor;
  readonly events: UsageEvent[];
  /** Posts a chat completion. */
  chat(body?: Readonly<Record<string, unknown>>, init?: RequestInit): Promise<Response>;
  /** The next event to be booked. */
  nextEvent(): Promise<UsageEvent>;
}

export interface RigOptions extends Omit<MeteringOptions, "budget" | "onUsage"> {
  readonly provider?: FakeProviderOptions;
  readonly policies?: unknown;
  readonly guards?: readonly GuardInput[];
}

const MESSAGES = [{ role: "user", content: "Say something." }];

export async function createRig({
  provider: script,
  policies = [],
  guards = [],
  ...options
}: RigOptions = {}): Promise<Rig> {
  const provider = await startFakeProvider(script);
  onTestFinished(() => provider.close());
  const budget = createBudgetProcessor({ policies: parsePolicies(policies), guards });
  const events: UsageEvent[] = [];
  const waiting: ((event: UsageEvent) => void)[] = [];
  const fetch = createMeteredFetch(globalThis.fetch, {
    ...options,
    budget,
    onUsage(event) {
      events.push(event);
      waiting.shift()?.(event);
    },
  });
  return {
    provider,
    fetch,
    budget,
    events,
    chat: (body = {}, init = {}) =>
      fetch(`${provider.openaiBaseUrl}/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "gpt-4o-mini", messages: MESSAGES, ...body }),
        ...init,
      }),
    nextEvent: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

export const STREAMED = { stream: true, stream_options: { include_usage: true } } as const;

/** What the fake provider says of an answer in these tests, and its price at gpt-4o-mini's rates. */
export const USAGE = { inputTokens: 1_000, outputTokens: 500, cacheReadTokens: 400 } as const;
/** 600 × $0.15 + 400 × $0.075 + 500 × $0.60, per million tokens. */
export const USAGE_NANO_USD = 420_000;

/** What is held, over all counters of a processor. */
export async function reservedOf(budget: BudgetProcessor): Promise<number> {
  const states = await budget.states();
  return states.reduce((sum, { reserved }) => sum + reserved, 0);
}

export async function spentOf(budget: BudgetProcessor): Promise<number> {
  const states = await budget.states();
  return states.reduce((sum, { spent }) => sum + spent, 0);
}
