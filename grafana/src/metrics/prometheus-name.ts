import type { MetricDefinition } from "@tollgate/core/semconv";

/** `tollgate.cost.usd` is `tollgate_cost_usd` in Prometheus. */
function base({ name }: MetricDefinition): string {
  return name.replaceAll(/[^a-zA-Z0-9_:]/g, "_");
}

/** A gauge's name in Prometheus. Units stand in braces or end the name already: nothing is appended. */
export function gauge(definition: MetricDefinition): string {
  return base(definition);
}

/** A counter's name in Prometheus. */
export function counter(definition: MetricDefinition): string {
  return `${base(definition)}_total`;
}

/** The series of a histogram, under each name it may have. */
export interface HistogramNames {
  readonly buckets: readonly string[];
  readonly sums: readonly string[];
  readonly counts: readonly string[];
}

/**
 * A histogram of seconds whose name does not say so has two names: the JavaScript exporter leaves the unit
 * away, translators of OTLP append it.
 */
export function histogram(definition: MetricDefinition): HistogramNames {
  const name = base(definition);
  const hasUnit = definition.unit === "s" && !name.endsWith("_seconds");
  const names = hasUnit ? [name, `${name}_seconds`] : [name];
  const series = (suffix: string): string[] => names.map((each) => `${each}_${suffix}`);
  return { buckets: series("bucket"), sums: series("sum"), counts: series("count") };
}

/** An attribute's name as a label. */
export function label(attribute: string): string {
  return attribute.replaceAll(/[^a-zA-Z0-9_]/g, "_");
}
