import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import type { Meter } from "@opentelemetry/api";

class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** A process that is scraped. */
export interface Scraped {
  readonly meter: Meter;
  /** Lines of OpenMetrics, as a Prometheus would have them from a scrape at that time. */
  scrape(timeMs: number): Promise<readonly string[]>;
}

/** @param target - labels that a scrape gives, such as `job="app",instance="api-1"`. */
export function createScraped(target: string): Scraped {
  const reader = new PullReader();
  const provider = new MeterProvider({ readers: [reader] });
  // No timestamps, no target_info, no scope labels: labels of targets stand for who it was.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter: provider.getMeter("simulation"),
    async scrape(timeMs) {
      const { resourceMetrics } = await reader.collect();
      const seconds = (timeMs / 1_000).toFixed(3);
      return serializer
        .serialize(resourceMetrics)
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#") && !line.endsWith("NaN"))
        .map((line) => `${labelled(line, target)} ${seconds}`);
    },
  };
}

function labelled(line: string, target: string): string {
  const brace = line.indexOf("{");
  if (brace !== -1) return `${line.slice(0, brace + 1)}${target},${line.slice(brace + 1)}`;
  const space = line.indexOf(" ");
  return `${line.slice(0, space)}{${target}}${line.slice(space)}`;
}
