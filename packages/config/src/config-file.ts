import type { Attribution, AttributionKey, ContentMode } from "@tollgate/core";
import type { Guard, GuardInput, Policy, PolicyInput } from "@tollgate/budget";
import type { PromQlAggregatesOptions } from "@tollgate/budget/aggregates";
import type { MetricLabel } from "@tollgate/metering";
import type { Endpoint } from "@tollgate/wire";
import type { AlertsConfig, WebhookConfig } from "./alerts-schema.ts";
import type { CollectorConfig, CollectorInput } from "./collector-schema.ts";
import type { LedgerConfig } from "./ledger-schema.ts";
import type { StoreConfig, StoreConfigInput } from "./store-config.ts";
import type { PricingConfig, PricingDocument, PricingInput } from "./pricing-config.ts";

/** Names that calls are charged to. */
export type Names = Readonly<Partial<Record<AttributionKey, string | undefined>>>;

/** What people write in `tollgate.yaml`. Every key is optional; unknown keys are refused. */
export interface ConfigFileInput {
  /** What calls are charged to when nothing more specific is said. */
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly agent?: string | undefined;
  readonly attribution?:
    | {
        /** What no code can change. */
        readonly locked?: Names | undefined;
        /**
         * Whether `tollgate.*` baggage of the active OpenTelemetry context counts. Baggage comes in
         * with HTTP requests: trust it only where every caller may name the tenant that pays.
         *
         * @defaultValue `false`
         */
        readonly trustBaggage?: boolean | undefined;
      }
    | undefined;
  /** Who answers at hosts that are not known: gateways, proxies, servers of one's own. */
  readonly endpoints?: readonly Endpoint[] | undefined;
  /** No two with one id. */
  readonly budgets?: readonly PolicyInput[] | undefined;
  /** What advisory budgets decide on instead of the ledger. */
  readonly aggregates?: AggregatesConfig | undefined;
  /**
   * Where counters are kept.
   *
   * @defaultValue this process's memory: exact within it, gone when it ends
   */
  readonly store?: StoreConfigInput | undefined;
  /** Where usage events are kept. @defaultValue nowhere */
  readonly ledger?: LedgerConfig | undefined;
  /** How `tollgate serve` runs. */
  readonly collector?: CollectorInput | undefined;
  /** Watch for runaways; no two with one id, nor with a budget's. */
  readonly guards?: readonly GuardInput[] | undefined;
  /** Where alerts are delivered. */
  readonly alerts?: { readonly webhooks?: readonly WebhookConfig[] | undefined } | undefined;
  readonly pricing?: PricingInput | undefined;
  readonly metrics?:
    | {
        /** @defaultValue `["organization", "project", "agent"]` */
        readonly labels?: readonly MetricLabel[] | undefined;
        /** Series per instrument, 1 to 1,900. @defaultValue `1_900` */
        readonly maxSeries?: number | undefined;
        /** Where metrics can be scraped. `OTEL_EXPORTER_PROMETHEUS_*` win. */
        readonly prometheus?:
          | { readonly host?: string | undefined; readonly port?: number | undefined }
          | undefined;
      }
    | undefined;
  /** Whether calls become spans. @defaultValue `true` */
  readonly spans?: boolean | undefined;
  /**
   * Whether and where prompts and answers are recorded; `true` is `SPAN_ONLY`.
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` wins.
   *
   * @defaultValue `false`
   */
  readonly captureContent?: boolean | ContentMode | undefined;
}

/** Where advisory budgets look: one of the two. */
export interface AggregatesConfig {
  /** A Prometheus, or what speaks its HTTP API, that has the metrics of all processes. */
  readonly prometheus?: PromQlAggregatesOptions | undefined;
  /** The metrics of this app alone, whoever counts them. */
  readonly sdk?: true | undefined;
}

/** A checked file, its defaults filled in. */
export interface ConfigFile {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly agent?: string | undefined;
  readonly attribution: { readonly locked?: Names | undefined; readonly trustBaggage: boolean };
  readonly endpoints: readonly Endpoint[];
  readonly budgets: readonly Policy[];
  readonly aggregates?: AggregatesConfig | undefined;
  readonly store?: StoreConfig | undefined;
  readonly ledger?: LedgerConfig | undefined;
  readonly collector: CollectorConfig;
  readonly guards: readonly Guard[];
  readonly alerts: AlertsConfig;
  readonly pricing: PricingConfig;
  readonly metrics: MetricsConfig;
  readonly spans: boolean;
  readonly captureContent: ContentMode;
}

/** A checked file before the files that it names are read. */
export type ConfigDocument = Omit<ConfigFile, "pricing"> & { readonly pricing: PricingDocument };

/** How metrics are kept and shown; what is `undefined` is left to its user's default. */
export interface MetricsConfig {
  readonly labels?: readonly MetricLabel[] | undefined;
  readonly maxSeries?: number | undefined;
  readonly prometheus?:
    | { readonly host?: string | undefined; readonly port?: number | undefined }
    | undefined;
}

/** Everything that configures Tollgate in a process: file and environment together. */
export interface LoadedConfig {
  readonly attribution: {
    /** From the file's top level, overridden by `TOLLGATE_ORGANIZATION`, `_PROJECT`, `_TASK`, `_AGENT`. */
    readonly defaults: Attribution;
    readonly locked: Attribution | undefined;
    readonly trustBaggage: boolean;
  };
  readonly endpoints: readonly Endpoint[];
  readonly budgets: readonly Policy[];
  readonly aggregates?: AggregatesConfig | undefined;
  readonly store?: StoreConfig | undefined;
  readonly ledger?: LedgerConfig | undefined;
  readonly collector: CollectorConfig;
  readonly guards: readonly Guard[];
  readonly alerts: AlertsConfig;
  readonly pricing: PricingConfig;
  readonly metrics: MetricsConfig;
  readonly spans: boolean;
  readonly captureContent: ContentMode;
  /** `TOLLGATE_RUN_DIR`: where a process says that it runs and where its metrics are. */
  readonly runDir: string | undefined;
  /** `TOLLGATE_DISABLED`: the app is to run as if Tollgate were not there. */
  readonly disabled: boolean;
  /** `TOLLGATE_RELOAD`: whether edits of the file count without a restart. */
  readonly reload: boolean;
  /** `TOLLGATE_ON_CONFIG_ERROR`: whether an app starts, unmetered, when its configuration is wrong. */
  readonly onConfigError: "exit" | "ignore";
  /** What may be meant but is more likely a slip, with its place: a price a thousand times off. */
  readonly warnings: readonly string[];
  /** What was read. */
  readonly sources: {
    /** Absolute; `undefined` when there is no file. */
    readonly file: string | undefined;
    /** The `TOLLGATE_*` variables that said something, sorted. */
    readonly variables: readonly string[];
  };
}
