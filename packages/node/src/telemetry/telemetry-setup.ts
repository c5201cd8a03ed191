import type { IMetricReader } from "@opentelemetry/sdk-metrics";
import type { ExporterSettings } from "./exporter-settings.ts";

/** What exports this process's telemetry, and how it is announced. */
export interface TelemetrySetup {
  readonly settings: ExporterSettings;
  /** `TOLLGATE_RUN_DIR`: where the process says where its `/metrics` are. */
  readonly runDir: string | undefined;
  /** Readers besides those that export. */
  readonly readers: readonly IMetricReader[];
}
