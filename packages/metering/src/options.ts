import { TollgateError } from "@tollgate/core";
import type { MetricLabel } from "./accounts.ts";
import { MIN_SERIES } from "./counters.ts";

export interface MeteringOptions {
  /** @defaultValue `["organization", "project", "agent"]` */
  readonly labels?: readonly MetricLabel[] | undefined;
  /**
   * The most series that any instrument gets, and the most label sets kept. What comes later is
   * added to overflow series (`otel.metric.overflow = true`), so that sums stay right. Must stay
   * below the reader's cardinality limit (2,000 by default in the SDKs), beyond which the SDK keeps
   * only the last value of a counter. At least 20.
   *
   * @defaultValue `1_900` series per instrument
   */
  readonly maxSeries?: number | undefined;
}

export const LABELS: readonly MetricLabel[] = ["organization", "project", "agent"];
export const MAX_SERIES = 1_900;

/** @throws TollgateError `TOLLGATE_CONFIG_INVALID` for a label that is none, or too few series. */
export function checkOptions(labels: readonly string[], maxSeries: number): void {
  const known: readonly string[] = LABELS;
  const stranger = labels.find((label) => !known.includes(label));
  if (stranger !== undefined) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `labels: "${stranger}" cannot be a metric label; use any of ${known.join(", ")}`,
    );
  }
  if (!Number.isInteger(maxSeries) || maxSeries < MIN_SERIES) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `maxSeries: ${maxSeries} is not a whole number from ${MIN_SERIES} on`,
    );
  }
}
