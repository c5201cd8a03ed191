import { createBudgetProcessor } from "@tollgate/budget";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import { ATTRIBUTION, hardPolicies } from "./hard-policies.ts";
import type { LaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

export interface Metered {
  /** @defaultValue `true` */
  readonly spans?: boolean;
  /** How many hard budgets are above a call. @defaultValue `4` */
  readonly budgets?: number;
  /** @defaultValue `true` */
  readonly injectUsage?: boolean;
  readonly abandonAfterMs?: number;
}

/** What an app gets: metrics, price, budgets in memory, and a span. */
export function meteredFetch(
  fetch: Fetch,
  { tracer, meter }: LaneTelemetry,
  { spans = true, budgets = 4, injectUsage, abandonAfterMs }: Metered = {},
): Fetch {
  return createMeteredFetch(fetch, {
    attribution: { defaults: ATTRIBUTION },
    budget: createBudgetProcessor({ policies: hardPolicies(budgets) }),
    spans,
    injectUsage,
    abandonAfterMs,
    telemetry: { tracer: () => tracer, meter: () => meter },
  });
}
