/**
 * The entry for apps without OpenTelemetry: `node --import @tollgate/node/sdk app.js` starts a whole global
 * NodeSDK (context, propagation, providers by `OTEL_*`), then Tollgate on it.
 */
import { NodeSDK } from "@opentelemetry/sdk-node";
import { flushAtExit } from "./process/flush-at-exit.ts";
import { startProcess } from "./start-process.ts";
import type { TelemetrySetup } from "./telemetry/telemetry-setup.ts";
import { createMetricReaders, createSpanProcessors } from "./telemetry/exporters.ts";
import { createResource } from "./telemetry/resource.ts";

startProcess(startGlobalSdk);

function startGlobalSdk(setup: TelemetrySetup): void {
  if (setup.settings.disabled) return;
  const sdk = new NodeSDK({
    resource: createResource(),
    autoDetectResources: false,
    metricReaders: createMetricReaders(setup).readers,
    spanProcessors: createSpanProcessors(setup.settings),
    // Logs are the app's own business: exported only if it says so.
    ...(process.env["OTEL_LOGS_EXPORTER"] ? {} : { logRecordProcessors: [] }),
  });
  sdk.start();
  flushAtExit(() => sdk.shutdown());
}
