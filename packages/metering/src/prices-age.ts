import type { Meter, ObservableResult } from "@opentelemetry/api";
import { METRIC_PRICES_AGE_SECONDS } from "@tollgate/core/semconv";

/**
 * Shows on a meter how old the price data is.
 *
 * @param day - of the data that is in force now, `YYYY-MM-DD`.
 * @param now - milliseconds since the epoch.
 * @returns a function that takes the gauge off again.
 */
export function observePricesAge(
  meter: Meter,
  day: () => string | undefined,
  now: () => number,
): () => void {
  const { name, unit, description } = METRIC_PRICES_AGE_SECONDS;
  const gauge = meter.createObservableGauge(name, { unit, description });
  const observe = (result: ObservableResult): void => {
    const dayMs = Date.parse(day() ?? "");
    if (!Number.isNaN(dayMs)) result.observe(Math.max(0, now() - dayMs) / 1_000);
  };
  gauge.addCallback(observe);
  return () => gauge.removeCallback(observe);
}
