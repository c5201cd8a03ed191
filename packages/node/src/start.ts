import type { BudgetProcessor } from "@tollgate/budget";
import { loadConfig, openBudgets } from "@tollgate/config";
import { createPricer } from "@tollgate/pricing";
import { createCallMeter, createGlobalTelemetry, hookGlobalFetch } from "@tollgate/instrumentation";
import { diag } from "@opentelemetry/api";
import { startDiagnostics } from "./process/diagnostics.ts";
import { flushAtExit } from "./process/flush-at-exit.ts";
import { writeRunFile } from "./process/run-file.ts";
import { readExporterSettings, type Environment } from "./telemetry/exporter-settings.ts";
import { followApp } from "./telemetry/follow-app.ts";
import { createPrivateMeter, createPrivateTracer } from "./telemetry/private-providers.ts";
import { createResource, serviceNameOf } from "./telemetry/resource.ts";

export interface StartOptions {
  /** @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Where `tollgate.yaml` is looked for. @defaultValue the working directory */
  readonly cwd?: string | undefined;
}

/** Tollgate at work in this process. */
export interface RunningTollgate {
  /** What gates the calls: budgets, their state, subscriptions to alerts and decisions. */
  readonly budget: BudgetProcessor;
  /** Gives `fetch` back and exports what waits. */
  stop(): Promise<void>;
}

/**
 * Meters the global `fetch` from now on, as `tollgate.yaml` and `TOLLGATE_*` say. Providers are made
 * at the first metered call, and only for signals that the app has none for.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` or `TOLLGATE_CONFIG_UNREADABLE`, naming file and key.
 */
export function startTollgate(options: StartOptions = {}): RunningTollgate {
  const env = options.env ?? process.env;
  startDiagnostics(env["OTEL_LOG_LEVEL"]);
  const config = loadConfig({ env, cwd: options.cwd ?? process.cwd() });
  const settings = readExporterSettings(env);
  const budget = openBudgets(config);
  const startedAt = new Date().toISOString();

  const telemetry = followApp({
    app: createGlobalTelemetry(),
    createMeter: () =>
      createPrivateMeter(settings, env, (metricsUrl) => {
        diag.info(`tollgate: metrics at ${metricsUrl}`);
        if (config.runDir === undefined) return;
        const serviceName = serviceNameOf(createResource());
        writeRunFile(config.runDir, { pid: process.pid, serviceName, metricsUrl, startedAt });
      }),
    createTracer: () => createPrivateTracer(settings),
  });

  const unhook = hookGlobalFetch(
    createCallMeter({
      budget,
      pricer: createPricer({ overrides: config.pricing.overrides }),
      attribution: config.attribution,
      spans: config.spans,
      telemetry,
    }),
  );
  if (settings.metrics.has("otlp") || settings.traces.has("otlp")) flushAtExit(telemetry.flush);

  return {
    budget,
    async stop() {
      unhook();
      await telemetry.flush();
      await budget.shutdown();
    },
  };
}
