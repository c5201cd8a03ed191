import type { UsageEvent } from "@tollgate/core";
import type { Meter } from "@opentelemetry/api";

/** What may become a metric label besides provider, model and operation, which always are. */
export type MetricLabel = "organization" | "project" | "agent";

export interface MeteringOptions {
  /** @defaultValue `["organization", "project", "agent"]` */
  readonly labels?: readonly MetricLabel[] | undefined;
  /**
   * Distinct label sets kept; what comes later is added to one overflow series
   * (`otel.metric.overflow = true`), so that sums stay right. Must stay below the reader's
   * cardinality limit (2,000 by default in the SDKs).
   *
   * @defaultValue `1_900` series per instrument
   */
  readonly maxSeries?: number | undefined;
}

/** Spend and counts of one label set since the process started. */
export interface MeteredTotals {
  readonly labels: Readonly<Record<string, string | boolean>>;
  readonly costNanoUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requests: number;
}

/**
 * The aggregates of a process: bounded accumulators that usage events are added to, and the
 * OpenTelemetry instruments that export them. Counters are observable instruments over the
 * accumulators, so a meter that is bound late still exports all that was counted before.
 */
export interface Metering {
  /** Adds one event. Never throws. */
  record(event: UsageEvent): void;
  /**
   * Makes the instruments on a meter; histograms record there from now on (on the last one bound).
   *
   * @returns a function that takes the instruments off again.
   */
  bind(meter: Meter): () => void;
  /** What has been counted, for advisory budgets, the demo and tests. */
  totals(): readonly MeteredTotals[];
}
