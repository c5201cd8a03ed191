import { diag } from "@opentelemetry/api";

export type Environment = Readonly<Record<string, string | undefined>>;

export type OtlpProtocol = "http/protobuf" | "http/json" | "grpc";

/** Which exporters the standard `OTEL_*` variables ask for. */
export interface ExporterSettings {
  readonly disabled: boolean;
  readonly metrics: ReadonlySet<string>;
  readonly traces: ReadonlySet<string>;
  readonly metricsProtocol: OtlpProtocol;
  readonly tracesProtocol: OtlpProtocol;
  readonly prometheusHost: string;
  readonly prometheusPort: number;
  /** Of pushed metrics. */
  readonly intervals: {
    readonly exportIntervalMillis: number;
    readonly exportTimeoutMillis: number;
  };
}

/** Where `tollgate.yaml` wants `/metrics`; the environment wins. */
export interface PrometheusAddress {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

const DEFAULT_PROMETHEUS_PORT = 9464;
const METRIC_EXPORTERS = ["prometheus", "otlp", "console", "none"];
const TRACE_EXPORTERS = ["otlp", "console", "none"];
const PROTOCOLS: readonly OtlpProtocol[] = ["http/protobuf", "http/json", "grpc"];

/**
 * Reads the variables of the OpenTelemetry SDK configuration specification, with our defaults: metrics
 * by Prometheus, and both signals by OTLP as soon as an OTLP endpoint is named. A value that is not
 * understood is reported and its default taken, as the specification wants.
 */
export function readExporterSettings(
  env: Environment,
  address: PrometheusAddress = {},
): ExporterSettings {
  const otlp = (signal: "METRICS" | "TRACES"): boolean =>
    Boolean(env["OTEL_EXPORTER_OTLP_ENDPOINT"] || env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
  return {
    disabled: env["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true",
    metrics: exporters(env, "OTEL_METRICS_EXPORTER", METRIC_EXPORTERS, [
      "prometheus",
      ...(otlp("METRICS") ? ["otlp"] : []),
    ]),
    traces: exporters(env, "OTEL_TRACES_EXPORTER", TRACE_EXPORTERS, otlp("TRACES") ? ["otlp"] : []),
    metricsProtocol: protocol(env, "METRICS"),
    tracesProtocol: protocol(env, "TRACES"),
    prometheusHost: env["OTEL_EXPORTER_PROMETHEUS_HOST"] || address.host || "127.0.0.1",
    prometheusPort: port(env["OTEL_EXPORTER_PROMETHEUS_PORT"], address.port),
    intervals: {
      exportIntervalMillis: millis(env["OTEL_METRIC_EXPORT_INTERVAL"], 60_000),
      exportTimeoutMillis: millis(env["OTEL_METRIC_EXPORT_TIMEOUT"], 30_000),
    },
  };
}

function exporters(
  env: Environment,
  name: string,
  known: readonly string[],
  fallback: readonly string[],
): ReadonlySet<string> {
  const asked = (env[name] ?? "")
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
  if (asked.length === 0) return new Set(fallback);
  for (const word of asked) {
    if (!known.includes(word))
      diag.warn(`tollgate: ${name}: "${word}" is none of ${known.join(", ")}`);
  }
  return new Set(asked.includes("none") ? [] : asked.filter((word) => known.includes(word)));
}

function protocol(env: Environment, signal: "METRICS" | "TRACES"): OtlpProtocol {
  const asked = (
    env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ||
    env["OTEL_EXPORTER_OTLP_PROTOCOL"] ||
    "http/protobuf"
  ).trim();
  const found = PROTOCOLS.find((known) => known === asked);
  if (found === undefined) {
    diag.warn(
      `tollgate: OTLP protocol "${asked}" is none of ${PROTOCOLS.join(", ")}: using http/protobuf`,
    );
  }
  return found ?? "http/protobuf";
}

/** 0 means any free port. */
function port(text: string | undefined, configured = DEFAULT_PROMETHEUS_PORT): number {
  if (text === undefined || text.trim() === "") return configured;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  diag.warn(
    `tollgate: OTEL_EXPORTER_PROMETHEUS_PORT="${text}" is no port (0 to 65535): using ${configured}`,
  );
  return configured;
}

function millis(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : fallback;
}
