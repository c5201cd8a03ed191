import { diag, DiagLogLevel } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readExporterSettings } from "../src/telemetry/exporter-settings.ts";

let warnings: string[];
const silent = (): void => undefined;

beforeEach(() => {
  warnings = [];
  const warn = (text: string): void => void warnings.push(text);
  const logger = { error: warn, warn, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

const exportersOf = (env: Record<string, string>): string => {
  const { metrics, traces } = readExporterSettings(env);
  return `${[...metrics].join("+")} | ${[...traces].join("+")}`;
};

test.each([
  ["nothing set: Prometheus, no spans", {}, "prometheus | "],
  [
    "an OTLP endpoint: both signals by OTLP, and Prometheus",
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" },
    "prometheus+otlp | otlp",
  ],
  [
    "an endpoint for traces alone",
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces" },
    "prometheus | otlp",
  ],
  [
    "named exporters win",
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_TRACES_EXPORTER: "none",
    },
    "otlp | ",
  ],
  [
    "several, with spaces",
    { OTEL_METRICS_EXPORTER: "prometheus, console", OTEL_TRACES_EXPORTER: "console" },
    "prometheus+console | console",
  ],
  ["none with others is none", { OTEL_METRICS_EXPORTER: "none,otlp" }, " | "],
])("%s", (_name, env, expected) => {
  expect(exportersOf(env)).toBe(expected);
  expect(warnings).toEqual([]);
});

test("an unknown exporter is named and left out", () => {
  expect(exportersOf({ OTEL_METRICS_EXPORTER: "statsd,prometheus" })).toBe("prometheus | ");
  expect(warnings).toEqual([
    'tollgate: OTEL_METRICS_EXPORTER: "statsd" is none of prometheus, otlp, console, none',
  ]);
});

test.each([
  ["9500", 9_500],
  ["0", 0],
  [" ", 9_464],
])("port %j is %d", (text, port) => {
  expect(readExporterSettings({ OTEL_EXPORTER_PROMETHEUS_PORT: text }).prometheusPort).toBe(port);
  expect(warnings).toEqual([]);
});

test.each(["-1", "65536", "9464.5", "http"])(
  "port %j is reported, and the default taken",
  (text) => {
    expect(readExporterSettings({ OTEL_EXPORTER_PROMETHEUS_PORT: text }).prometheusPort).toBe(
      9_464,
    );
    expect(warnings[0]).toContain("is no port (0 to 65535)");
  },
);

test("the environment wins over tollgate.yaml, which wins over the defaults", () => {
  const address = { host: "0.0.0.0", port: 9_999 };
  expect(readExporterSettings({}, address)).toMatchObject({
    prometheusHost: "0.0.0.0",
    prometheusPort: 9_999,
  });
  const env = { OTEL_EXPORTER_PROMETHEUS_HOST: "::1", OTEL_EXPORTER_PROMETHEUS_PORT: "1234" };
  expect(readExporterSettings(env, address)).toMatchObject({
    prometheusHost: "::1",
    prometheusPort: 1_234,
  });
  expect(readExporterSettings({}).prometheusHost).toBe("127.0.0.1");
});

test("an unknown OTLP protocol is reported, and http/protobuf taken", () => {
  const settings = readExporterSettings({ OTEL_EXPORTER_OTLP_PROTOCOL: "carrier-pigeon" });
  expect(settings.tracesProtocol).toBe("http/protobuf");
  expect(warnings[0]).toContain("carrier-pigeon");
});
