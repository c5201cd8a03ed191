/**
 * The entry for apps without OpenTelemetry: `node --import @tollgate/node/sdk app.js` starts a whole global
 * NodeSDK (context, propagation, providers by `OTEL_*`), then Tollgate on it.
 */
import { diag } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { startDiagnostics } from "./process/diagnostics.ts";
import { flushAtExit } from "./process/flush-at-exit.ts";
import { writeRunFile } from "./process/run-file.ts";
import { isDisabled, startProcess } from "./start-process.ts";
import { readExporterSettings } from "./telemetry/exporter-settings.ts";
import { createMetricReaders, createSpanProcessors } from "./telemetry/exporters.ts";
import { createResource, serviceNameOf } from "./telemetry/resource.ts";

startDiagnostics(process.env["OTEL_LOG_LEVEL"]);
const settings = readExporterSettings(process.env);
const startedAt = new Date().toISOString();

if (!settings.disabled && !isDisabled()) {
  const resource = createResource();
  const { readers } = createMetricReaders(settings, process.env, (metricsUrl) => {
    diag.info(`tollgate: metrics at ${metricsUrl}`);
    const directory = process.env["TOLLGATE_RUN_DIR"];
    if (directory === undefined) return;
    const serviceName = serviceNameOf(resource);
    writeRunFile(directory, { pid: process.pid, serviceName, metricsUrl, startedAt });
  });
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    metricReaders: readers,
    spanProcessors: createSpanProcessors(settings),
    // Logs are the app's own business: exported only if it says so.
    ...(process.env["OTEL_LOGS_EXPORTER"] ? {} : { logRecordProcessors: [] }),
  });
  sdk.start();
  flushAtExit(() => sdk.shutdown());
}

startProcess();
