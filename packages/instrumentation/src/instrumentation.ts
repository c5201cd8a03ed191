import {
  InstrumentationBase,
  type InstrumentationConfig,
  type InstrumentationModuleDefinition,
} from "@opentelemetry/instrumentation";
import type { MeteringOptions } from "./call/options.ts";
import { createCallMeter } from "./fetch/metered-fetch.ts";
import { hookGlobalFetch } from "./hook/global-fetch.ts";
import { hookGlobalWebSocket } from "./hook/global-web-socket.ts";
import { createModuleHooks } from "./module/module-hooks.ts";
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "./version.ts";

/** What {@link TollgateInstrumentation} takes: metering options, but for the providers, which its SDK gives it. */
export interface TollgateInstrumentationConfig
  extends InstrumentationConfig, Omit<MeteringOptions, "telemetry"> {}

/**
 * Tollgate as an ordinary OpenTelemetry instrumentation, for apps that run their own SDK:
 * `new NodeSDK({ instrumentations: [new TollgateInstrumentation({ budget })] })`.
 *
 * Enabled, it meters the global `fetch`, and the clients that use something else (node-fetch, undici,
 * the AWS SDK): those must be loaded after it, all others constructed after it. For ES modules Node needs
 * OpenTelemetry's loader hook, as for any instrumentation.
 */
export class TollgateInstrumentation extends InstrumentationBase<TollgateInstrumentationConfig> {
  /** Undefined while the base constructor runs, which calls the overrides below. */
  private readonly meterCalls: ReturnType<typeof createCallMeter>;
  private unhook: readonly (() => void)[] | undefined;

  constructor(config: TollgateInstrumentationConfig = {}) {
    super(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION, { ...config, enabled: false });
    this.setConfig(config);
    this.meterCalls = createCallMeter({
      ...config,
      telemetry: { tracer: () => this.tracer, meter: () => this.meter },
    });
    if (config.enabled !== false) this.enable();
  }

  protected override init(): InstrumentationModuleDefinition[] {
    return createModuleHooks(() => this.meterCalls);
  }

  override enable(): void {
    super.enable();
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- the base constructor calls this.
    if (this.meterCalls === undefined) return;
    this.unhook ??= [hookGlobalFetch(this.meterCalls), hookGlobalWebSocket(this.meterCalls)];
  }

  override disable(): void {
    super.disable();
    for (const end of this.unhook ?? []) end();
    this.unhook = undefined;
  }
}
