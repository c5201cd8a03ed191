import type { PrometheusFamily, PrometheusVectorEntry } from "@tollgate/testkit";
import type { Finding } from "./finding.ts";

/** What was compared, and where it was found under another name. */
export interface ComparedScrapes {
  readonly findings: readonly Finding[];
  readonly renamed: readonly string[];
}

/** What grows while it is looked at: the collector's own receiving. */
const MOVING = /^(tollgate_collector_|target_info$)/;

/**
 * Where the sums over all series differ between a scrape of the collector and the same metrics in Prometheus.
 *
 * An OpenTelemetry Collector puts the unit behind names that have none, so a metric may be found as `NAME_seconds` too.
 */
export async function compareScrapes(
  scraped: readonly PrometheusFamily[],
  query: (promql: string) => Promise<readonly PrometheusVectorEntry[]>,
): Promise<ComparedScrapes> {
  const findings: Finding[] = [];
  const renamed = new Set<string>();
  for (const { name, type, samples } of scraped) {
    if (MOVING.test(name)) continue;
    for (const suffix of type === "histogram" ? ["_sum", "_count"] : [""]) {
      const sum = samples
        .filter((sample) => sample.name === `${name}${suffix}`)
        .reduce((total, { value }) => total + value, 0);
      // oxlint-disable-next-line no-await-in-loop -- one after the other: there are few
      const found = await sumOf(name, suffix, query);
      if (found === undefined) {
        findings.push({ kind: "wrong", scenario: name, text: "is not there" });
        continue;
      }
      if (found.name === `${name}_seconds${suffix}`) renamed.add(name);
      if (!isSame(found.value, sum)) {
        const text = `${found.name} sums to ${found.value}, in the scrape to ${sum}`;
        findings.push({ kind: "wrong", scenario: name, text });
      }
    }
  }
  return { findings, renamed: [...renamed] };
}

async function sumOf(
  name: string,
  suffix: string,
  query: (promql: string) => Promise<readonly PrometheusVectorEntry[]>,
): Promise<{ readonly name: string; readonly value: number } | undefined> {
  const base = name.replace(/_total$/, "");
  const total = base === name ? "" : "_total";
  for (const unit of ["", "_seconds"]) {
    const tried = `${base}${unit}${total}${suffix}`;
    // oxlint-disable-next-line no-await-in-loop -- the second only where the first is not there
    const [found] = await query(`sum(${tried})`);
    if (found !== undefined) return { name: tried, value: found.value };
  }
  return undefined;
}

/** Sums of fractions may differ in their last digit by the order in which they are added. */
function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other));
}
