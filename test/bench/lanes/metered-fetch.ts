import { createBudgetProcessor, parsePolicies, type BudgetProcessor } from "@tollgate/budget";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import type { LaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

export interface Metered {
  /** @defaultValue `true` */
  readonly spans?: boolean;
  /** How many hard budgets are above a call. @defaultValue `4` */
  readonly budgets?: 0 | 4;
  /** @defaultValue `true` */
  readonly injectUsage?: boolean;
  readonly abandonAfterMs?: number;
}

const level = (id: string, ...each: string[]): object => ({
  id,
  each,
  limit: { usd: 1_000_000 },
  window: "month",
  guarantee: "hard",
  maxOutputTokens: 1_000,
});

/** Four levels of a hierarchy, all hard, none ever full. */
const LEVELS = [
  level("organization", "organization"),
  level("project", "organization", "project"),
  level("task", "organization", "project", "task"),
  level("agent", "organization", "project", "agent"),
];

const ATTRIBUTION = {
  organization: "acme",
  project: "atlas",
  task: "bench",
  agent: "planner",
};

function createBudget(budgets: 0 | 4): BudgetProcessor {
  return createBudgetProcessor({ policies: parsePolicies(LEVELS.slice(0, budgets)) });
}

/** What an app gets: metrics, price, budgets in memory, and a span. */
export function meteredFetch(
  fetch: Fetch,
  { tracer, meter }: LaneTelemetry,
  { spans = true, budgets = 4, injectUsage, abandonAfterMs }: Metered = {},
): Fetch {
  return createMeteredFetch(fetch, {
    attribution: { defaults: ATTRIBUTION },
    budget: createBudget(budgets),
    spans,
    injectUsage,
    abandonAfterMs,
    telemetry: { tracer: () => tracer, meter: () => meter },
  });
}
