import type { ExporterSettings } from "./exporter-settings.ts";

/** What exports this process's telemetry, and how it is announced. */
export interface TelemetrySetup {
  readonly settings: ExporterSettings;
  readonly announceMetrics: (metricsUrl: string) => void;
}
