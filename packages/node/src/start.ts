import type { BudgetProcessor } from "@tollgate/budget";
import { createSdkAggregates, type SdkAggregates } from "@tollgate/budget/aggregates";
import {
  assembleConfig,
  openBudgets,
  type ConfiguredWriter,
  type FollowedConfig,
  type LoadedConfig,
} from "@tollgate/config/on-demand";
import { diag } from "@opentelemetry/api";
import { createCallMeter, createGlobalTelemetry } from "@tollgate/instrumentation/fetch";
import {
  hookGlobalFetch,
  hookGlobalWebSocket,
  startModuleHooks,
} from "@tollgate/instrumentation/hooks";
import { createCurrentPricer } from "@tollgate/pricing";
import { followFile } from "./follow-file.ts";
import { loadFileChecker, loadLedgerOpener, loadPrivateProviders } from "./load-on-demand.ts";
import { startDiagnostics } from "./process/diagnostics.ts";
import { flushAtExit } from "./process/flush-at-exit.ts";
import { readExporterSettings, type Environment } from "./telemetry/exporter-settings.ts";
import { followApp } from "./telemetry/follow-app.ts";
import type { TelemetrySetup } from "./telemetry/telemetry-setup.ts";

export interface StartOptions {
  /** @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Where `tollgate.yaml` is looked for. @defaultValue the working directory */
  readonly cwd?: string | undefined;
  /**
   * Whether edits of the configuration's file count while the process runs.
   *
   * @defaultValue what `TOLLGATE_RELOAD` says, else `true`
   */
  readonly watchConfig?: boolean | undefined;
  /**
   * Nothing but Node has run in this process: its globals are what they always are, and need not be looked
   * at, which would load them.
   *
   * @defaultValue `false`
   */
  readonly isFirst?: boolean | undefined;
}

/** Tollgate at work in this process. */
export interface RunningTollgate {
  /** What gates the calls: budgets, their state, subscriptions to alerts and decisions. */
  readonly budget: BudgetProcessor;
  /** Its file, if there is one: read again when it is edited, or when asked to. */
  readonly config: FollowedConfig | undefined;
  /** Gives `fetch` back, exports what waits and writes it into the ledger. */
  stop(): Promise<void>;
}

/**
 * Meters the global `fetch` from now on, as `tollgate.yaml` and `TOLLGATE_*` say. Providers are made
 * at the first metered call, and only for signals that the app has none for.
 *
 * @param startSdk - starts global providers before anything is metered, once the configuration is known.
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` or `TOLLGATE_CONFIG_UNREADABLE`, naming file and key.
 */
export function startTollgate(
  options: StartOptions = {},
  startSdk?: (setup: TelemetrySetup) => void,
): RunningTollgate {
  const { env = process.env, cwd = process.cwd() } = options;
  startDiagnostics(env["OTEL_LOG_LEVEL"]);
  const config = assembleConfig({ env, cwd }, loadFileChecker);
  for (const warning of config.warnings) diag.warn(`tollgate: ${warning}`);
  const aggregateSource = config.aggregates?.sdk ? createSdkAggregates() : undefined;
  const setup = createSetup(config, env, aggregateSource);
  startSdk?.(setup);

  const budget = openBudgets(config, { aggregateSource });
  const ledger = openConfiguredLedger(config);
  const pricer = createCurrentPricer(config.pricing);
  const telemetry = followApp({
    app: createGlobalTelemetry(),
    createMeter: () => loadPrivateProviders().createPrivateMeter(setup),
    createTracer: () => loadPrivateProviders().createPrivateTracer(setup),
  });
  const meter = createCallMeter({
    budget,
    pricer,
    onUnpriced: config.pricing.onUnpriced,
    attribution: config.attribution,
    endpoints: config.endpoints,
    spans: config.spans,
    captureContent: config.captureContent,
    telemetry,
    onUsage: ledger?.write,
  });
  const unhook = [
    hookGlobalFetch(meter),
    hookGlobalWebSocket(meter, options.isFirst),
    startModuleHooks(meter),
  ];
  const stopWaitingForExit = [
    ...(exportsByOtlp(setup) ? [telemetry.flush] : []),
    ...(ledger === undefined ? [] : [ledger.flush]),
  ].map(flushAtExit);

  const watch = options.watchConfig ?? config.reload;
  const followed = followFile({ env, cwd, config, watch }, budget, pricer);

  return {
    budget,
    config: followed,
    async stop() {
      followed?.stop();
      for (const end of unhook) end();
      for (const stop of stopWaitingForExit) stop();
      await telemetry.flush();
      await ledger?.close();
      await budget.shutdown();
    },
  };
}

function exportsByOtlp({ settings: { metrics, traces } }: TelemetrySetup): boolean {
  return metrics.has("otlp") || traces.has("otlp");
}

function createSetup(
  config: LoadedConfig,
  env: Environment,
  aggregateSource: SdkAggregates | undefined,
): TelemetrySetup {
  return {
    settings: readExporterSettings(env, config.metrics.prometheus),
    runDir: config.runDir,
    readers: aggregateSource === undefined ? [] : [aggregateSource.reader],
  };
}

/** Signals are for one here who knows all that is to be flushed. */
function openConfiguredLedger({ ledger }: LoadedConfig): ConfiguredWriter | undefined {
  return ledger && loadLedgerOpener()(ledger, { onSignals: false });
}
