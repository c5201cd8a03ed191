import { diag } from "@opentelemetry/api";
import { createResource, serviceNameOf } from "../telemetry/resource.ts";
import { writeRunFile } from "./run-file.ts";

/** Says where `/metrics` is: to `diag`, and in a file under `TOLLGATE_RUN_DIR` if there is one. */
export function announceMetrics(metricsUrl: string, runDir: string | undefined): void {
  diag.info(`tollgate: metrics at ${metricsUrl}`);
  if (runDir === undefined) return;
  const serviceName = serviceNameOf(createResource());
  const startedAt = new Date(performance.timeOrigin).toISOString();
  writeRunFile(runDir, { pid: process.pid, serviceName, metricsUrl, startedAt });
}
