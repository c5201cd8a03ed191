import { createRequire } from "node:module";
import type {
  ConfiguredWriter,
  FileChecker,
  FollowConfigOptions,
  FollowedConfig,
  LedgerConfig,
} from "@tollgate/config/on-demand";
import type { Meter, Tracer } from "@opentelemetry/api";
import type { PrivateProvider } from "./telemetry/private-provider.ts";
import type { TelemetrySetup } from "./telemetry/telemetry-setup.ts";

/**
 * `require`, because both are needed at once, in the middle of things: a wrong configuration must end the
 * process before the app starts, and a call that is metered cannot wait for its span.
 */
const require = createRequire(import.meta.url);

interface ConfigModule {
  readonly checkFile: FileChecker;
  followConfig(options: FollowConfigOptions): FollowedConfig;
  openLedgerWriter(
    config: LedgerConfig,
    options: { readonly onSignals: boolean },
  ): ConfiguredWriter;
}

/** What reads `tollgate.yaml`: only a process that has one pays for it. */
export function loadFileChecker(): FileChecker {
  const config: ConfigModule = require("@tollgate/config");
  return config.checkFile;
}

/** What follows the file: only a process that has one pays for it. */
export function loadFollower(): ConfigModule["followConfig"] {
  const config: ConfigModule = require("@tollgate/config");
  return config.followConfig;
}

/** What writes calls into a ledger: only a process that names one pays for it. */
export function loadLedgerOpener(): ConfigModule["openLedgerWriter"] {
  const config: ConfigModule = require("@tollgate/config");
  return config.openLedgerWriter;
}

interface ProvidersModule {
  createPrivateMeter(setup: TelemetrySetup): PrivateProvider<Meter>;
  createPrivateTracer(setup: TelemetrySetup): PrivateProvider<Tracer>;
}

/** The OpenTelemetry SDK: only a process that makes a metered call, and has no SDK of its own, pays for it. */
export function loadPrivateProviders(): ProvidersModule {
  return require("#private-providers");
}
