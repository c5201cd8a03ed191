import { createServer } from "node:http";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { parsePrometheusText } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { CHAT_USD, startApp, sumOf } from "./registered-app.ts";

const LABELS = {
  tollgate_organization: "acme",
  tollgate_project: "atlas",
  tollgate_agent: "planner",
};

describe("an unmodified app under --import @tollgate/node/register", () => {
  test("shows its tokens and cost by organisation, project and agent in /metrics", async () => {
    const app = await startApp({ calls: ["chat", "stream", "responses", "messages"] });
    await app.lines();
    const samples = await app.samples();
    expect(sumOf(samples, "gen_ai_client_inference_usage_input_tokens_total", LABELS)).toBe(4_000);
    expect(sumOf(samples, "gen_ai_client_inference_usage_output_tokens_total", LABELS)).toBe(2_000);
    const chat = { ...LABELS, gen_ai_request_model: "gpt-4o-mini" };
    expect(sumOf(samples, "tollgate_cost_usd_total", chat)).toBeCloseTo(2 * CHAT_USD, 12);
    expect(sumOf(samples, "tollgate_requests_total", { tollgate_outcome: "ok" })).toBe(4);
  });

  test.each([
    ["CommonJS, --import", "worker.cjs", ["--import", "@tollgate/node/register"]],
    ["CommonJS, --require", "worker.cjs", ["--require", "@tollgate/node/register"]],
    ["ESM, --require", "worker.mjs", ["--require", "@tollgate/node/register"]],
    [
      "given twice",
      "worker.cjs",
      ["--import", "@tollgate/node/register", "--import", "@tollgate/node/register"],
    ],
  ])("%s", async (_name, script, nodeArgs) => {
    const calls = script === "worker.mjs" ? ["chat", "messages"] : [];
    const app = await startApp({ script, nodeArgs, calls });
    await app.lines();
    expect(sumOf(await app.samples(), "tollgate_requests_total")).toBe(2);
  });

  test("leaves stdout, stderr and the exit code alone, and takes its run file away", async () => {
    const app = await startApp({ calls: ["chat"] });
    await app.lines();
    await app.metricsUrl();
    app.app.endInput();
    const exit = await app.app.exited;
    expect(exit).toMatchObject({ code: 0, stderr: "" });
    expect(await readdir(app.runDir)).toEqual([]);
  });

  test("does nothing with TOLLGATE_DISABLED=true", async () => {
    const app = await startApp({ calls: ["chat"], env: { TOLLGATE_DISABLED: "true" } });
    await app.lines();
    await expect(readdir(app.runDir)).rejects.toThrow("ENOENT");
  });
});

describe("budgets from tollgate.yaml", () => {
  const yaml = `
budgets:
  - id: agent-daily
    each: [agent]
    limit: { requests: 2 }
    window: day
    timezone: Europe/Berlin
`;

  test("the call that the budget cannot pay is refused before it leaves", async () => {
    const app = await startApp({ calls: ["chat", "messages", "chat", "messages"], yaml });
    const lines = await app.lines();
    const refused = { status: 402, message: expect.stringContaining("agent-daily") };
    expect(lines).toMatchObject([{ name: "chat" }, { name: "messages" }, refused, refused]);
    expect(app.provider.requests).toHaveLength(2);
    const samples = await app.samples();
    expect(sumOf(samples, "tollgate_requests_total", { tollgate_outcome: "refused" })).toBe(2);
    const budget = { tollgate_budget: "agent-daily", tollgate_agent: "planner" };
    expect(sumOf(samples, "tollgate_budget_spent_requests", budget)).toBe(2);
    expect(sumOf(samples, "tollgate_budget_limit_requests", budget)).toBe(2);
    expect(sumOf(samples, "tollgate_budget_reserved_requests", budget)).toBe(0);
  });
});

describe("prices from tollgate.yaml", () => {
  const yaml = `
endpoints: [{ host: 127.0.0.1, provider: acme }]
pricing:
  onUnpriced: deny
  overrides:
    - { provider: acme, model: "claude-*", inputPerMtok: "1", outputPerMtok: 5000 }
`;

  test("a model without a price is refused, one with a price of its own is charged it", async () => {
    const env = { OTEL_LOG_LEVEL: "warn" };
    const app = await startApp({ calls: ["chat", "messages"], yaml, env });
    expect(await app.lines()).toMatchObject([
      { status: 402, message: expect.stringContaining("this model has none") },
      { name: "messages", usage: {} },
    ]);
    expect(app.provider.requests).toHaveLength(1);
    expect(sumOf(await app.samples(), "tollgate_cost_usd_total")).toBeCloseTo(0.001 + 2.5, 9);
    expect(app.app.stderr).toMatch(/tollgate\.yaml:6:63 .*like no price there is/);
  });
});

describe("a wrong configuration", () => {
  const yaml = "budgets:\n  - id: team\n    limits: { usd: 5 }\n    window: day\n";

  test("keeps the app from starting, with file, line, key and fix, and exit code 78", async () => {
    const app = await startApp({ calls: ["chat"], yaml });
    const { code, stdout, stderr } = await app.app.exited;
    expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
    expect(stderr).toMatch(/tollgate\.yaml:3:5/);
    expect(stderr).toContain("limits");
    expect(stderr).toContain('did you mean "limit"?');
    expect(app.provider.requests).toEqual([]);
  });

  test("lets the app start unmetered with TOLLGATE_ON_CONFIG_ERROR=ignore, and says so", async () => {
    const env = { TOLLGATE_ON_CONFIG_ERROR: "ignore" };
    const app = await startApp({ calls: ["chat"], yaml, env });
    expect(await app.lines()).toMatchObject([{ name: "chat" }]);
    expect(app.app.stderr).toContain("UNMETERED");
  });

  test("a misspelt variable is one too", async () => {
    const app = await startApp({ env: { TOLLGATE_PROJET: "atlas" } });
    const { code, stderr } = await app.app.exited;
    expect(code).toBe(78);
    expect(stderr).toContain("TOLLGATE_PROJECT");
  });
});

describe("/metrics", () => {
  test("gets a free port when its own is taken", async () => {
    const other = createServer();
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const address = other.address();
    const taken = typeof address === "object" && address !== null ? address.port : 0;
    const app = await startApp({
      calls: ["chat"],
      env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(taken), OTEL_LOG_LEVEL: "warn" },
    });
    const url = new URL(await app.metricsUrl());
    expect(url.hostname).toBe("127.0.0.1");
    expect(Number(url.port)).not.toBe(taken);
    expect(app.app.stderr).toContain(`port ${taken} is taken`);
  });

  test("does not keep the app alive", async () => {
    const app = await startApp({ calls: ["chat"] });
    await app.metricsUrl();
    app.app.endInput();
    expect((await app.app.exited).code).toBe(0);
  });
});

interface OwnTelemetry {
  readonly spans: readonly string[];
  readonly metrics: string;
}

describe("the app's own OpenTelemetry", () => {
  const OWN_SDK = ["--import", "./e2e/apps/own-sdk.mjs"];
  const REGISTER = ["--import", "@tollgate/node/register"];

  test.each([
    ["started before us", [...OWN_SDK, ...REGISTER], ["chat", "chat"], 2],
    ["started after us, before the first call", [...REGISTER, ...OWN_SDK], ["chat", "chat"], 2],
    ["started by the app after its first call", REGISTER, ["chat", "sdk", "chat"], 1],
  ])(
    "%s: gets spans, and every metric from the first call on",
    async (_name, nodeArgs, calls, spans) => {
      const app = await startApp({ nodeArgs, calls });
      await app.lines();
      app.app.endInput();
      const { stdout, stderr } = await app.app.exited;
      expect(stderr).toBe("");
      const own: OwnTelemetry = JSON.parse(stdout.slice(stdout.indexOf("ready\n") + 6));
      expect(own.spans.filter((name) => name === "chat gpt-4o-mini")).toHaveLength(spans);
      const samples = parsePrometheusText(own.metrics).flatMap((family) => family.samples);
      expect(sumOf(samples, "tollgate_requests_total", LABELS)).toBe(2);
      expect(sumOf(samples, "tollgate_cost_usd_total", LABELS)).toBeCloseTo(2 * CHAT_USD, 12);
    },
  );
});

describe("OTLP", () => {
  test("spans and metrics reach a collector, at the latest when the app ends", async () => {
    const paths: string[] = [];
    const collector = createServer((request, response) => {
      paths.push(request.url ?? "");
      request.resume().once("end", () => response.writeHead(200).end());
    });
    collector.listen(0, "127.0.0.1");
    await once(collector, "listening");
    onTestFinished(() => void collector.close());
    const address = collector.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const app = await startApp({
      calls: ["chat"],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    });
    await app.lines();
    expect(sumOf(await app.samples(), "tollgate_requests_total")).toBe(1);
    app.app.endInput();
    expect((await app.app.exited).code).toBe(0);
    expect(paths).toContain("/v1/traces");
    expect(paths).toContain("/v1/metrics");
  });

  test("a collector that is away neither breaks the app nor keeps it", async () => {
    const app = await startApp({
      calls: ["chat"],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT: "500" },
    });
    await app.lines();
    app.app.kill("SIGTERM");
    expect(await app.app.exited).toMatchObject({ signal: "SIGTERM" });
  });
});

describe("@tollgate/node/sdk", () => {
  test("starts a whole NodeSDK, which serves /metrics", async () => {
    const app = await startApp({
      calls: ["chat"],
      nodeArgs: ["--import", "@tollgate/node/sdk"],
      env: { OTEL_SERVICE_NAME: "billing" },
    });
    await app.lines();
    const samples = await app.samples();
    expect(sumOf(samples, "tollgate_requests_total", LABELS)).toBe(1);
    expect(sumOf(samples, "target_info", { service_name: "billing" })).toBe(1);
  });
});
