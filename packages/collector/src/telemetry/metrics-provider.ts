import type { Meter } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type IMetricReader,
} from "@opentelemetry/sdk-metrics";

/** Where a collector's metrics come from and go to. */
export interface MetricsProvider {
  readonly meter: Meter;
  /** Answers a scrape. */
  readonly answerScrape: PrometheusExporter["getMetricsRequestHandler"];
  close(): Promise<void>;
}

/** @param forward - where metrics are sent to as well, by OTLP. */
export function createMetricsProvider(
  forward:
    | { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined }
    | undefined,
): MetricsProvider {
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const readers: IMetricReader[] = [prometheus];
  if (forward !== undefined) {
    const { url, headers = {} } = forward;
    const exporter = new OTLPMetricExporter({ url, headers: { ...headers } });
    readers.push(new PeriodicExportingMetricReader({ exporter }));
  }
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "tollgate-collector" }))
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }));
  const provider = new MeterProvider({ resource, readers });
  return {
    meter: provider.getMeter("@tollgate/collector"),
    answerScrape: prometheus.getMetricsRequestHandler.bind(prometheus),
    close: () => provider.shutdown(),
  };
}
