import type { Attribution, Clock, UsageEvent } from "@tollgate/core";
import type { BudgetProcessor } from "@tollgate/budget";
import type { Pricer } from "@tollgate/pricing";
import type { Endpoint } from "@tollgate/wire";
import type { ContentOptions } from "../content/content-options.ts";
import type { TelemetrySource } from "../fetch/telemetry-source.ts";

/** Where a call's attribution comes from besides `withAttribution` and the active agent span. */
export interface AttributionOptions {
  /** What calls are charged to when nothing more specific is said. */
  readonly defaults?: Attribution | undefined;
  /** What no code can change. */
  readonly locked?: Attribution | undefined;
  /**
   * Whether `tollgate.*` baggage of the active OpenTelemetry context counts. Baggage comes in with
   * HTTP requests: trust it only where every caller may name the tenant that pays.
   *
   * @defaultValue `false`
   */
  readonly trustBaggage?: boolean | undefined;
}

/** How calls are metered; every part has a default that works. */
export interface MeteringOptions extends ContentOptions {
  /** Gates calls and keeps the aggregates. @defaultValue a processor without policies */
  readonly budget?: BudgetProcessor | undefined;
  /** @defaultValue the bundled catalogue */
  readonly pricer?: Pricer | undefined;
  /**
   * What becomes of a call to a model without a price: it leaves and is counted, or it is refused like one over
   * its budget, with the reason `unpriced`. A request that names no model has no price either.
   *
   * @defaultValue `"count"`
   */
  readonly onUnpriced?: "count" | "deny" | undefined;
  readonly attribution?: AttributionOptions | undefined;
  /** Where spans and metrics go. @defaultValue the providers registered with the OpenTelemetry API */
  readonly telemetry?: TelemetrySource | undefined;
  /** Who answers at hosts that are not known: gateways, proxies, servers of one's own. */
  readonly endpoints?: readonly Endpoint[] | undefined;
  /**
   * Whether to ask for the usage of a stream when the app did not and the vendor is known to say it only
   * then; the extra chunk is hidden from the app. Without it the usage of such streams is estimated.
   *
   * @defaultValue `true`
   */
  readonly injectUsage?: boolean | undefined;
  /** Whether calls become spans. @defaultValue `true` */
  readonly spans?: boolean | undefined;
  /** Hears of every call once it has ended. What it throws goes to `diag`. */
  readonly onUsage?: ((event: UsageEvent) => void) | undefined;
  /**
   * Milliseconds without a read after which an unfinished answer counts as abandoned and is settled at
   * what was seen.
   *
   * @defaultValue `900_000` (15 minutes)
   */
  readonly abandonAfterMs?: number | undefined;
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined;
}
