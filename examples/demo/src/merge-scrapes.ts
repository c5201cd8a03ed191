import type { PrometheusFamily, PrometheusSample } from "@tollgate/testkit";

/**
 * Makes one exposition of many: each family once, with the series of all instances, each labelled
 * with its `instance`.
 *
 * A series that has an `instance` of its own keeps it as `exported_instance`, as Prometheus does.
 * Families of one name but different types become `untyped`: a scraper refuses two types.
 */
export function mergeScrapes(
  scrapes: ReadonlyMap<string, readonly PrometheusFamily[]>,
): PrometheusFamily[] {
  const merged = new Map<string, PrometheusFamily>();
  for (const [instance, families] of scrapes) {
    for (const family of families) {
      const samples = family.samples.map((sample) => labelled(sample, instance));
      const known = merged.get(family.name);
      merged.set(family.name, known ? join(known, { ...family, samples }) : { ...family, samples });
    }
  }
  return [...merged.values()];
}

function join(known: PrometheusFamily, more: PrometheusFamily): PrometheusFamily {
  return {
    name: known.name,
    type: known.type === more.type ? known.type : "untyped",
    help: known.help ?? more.help,
    samples: [...known.samples, ...more.samples],
  };
}

function labelled(sample: PrometheusSample, instance: string): PrometheusSample {
  const { instance: own, ...labels } = sample.labels;
  return {
    ...sample,
    labels: { ...labels, ...(own !== undefined && { exported_instance: own }), instance },
  };
}
