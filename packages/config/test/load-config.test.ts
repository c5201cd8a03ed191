import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../src/index.ts";
import { load, makeFolder } from "./load.ts";

const DEFAULTS = {
  attribution: { defaults: {}, locked: undefined, trustBaggage: false },
  collector: { attribution: { rules: [], defaults: true } },
  endpoints: [],
  budgets: [],
  guards: [],
  alerts: { webhooks: [] },
  pricing: {
    overrides: [],
    deployments: {},
    onUnpriced: "count",
    fallback: undefined,
    catalogue: undefined,
  },
  warnings: [],
  metrics: {},
  spans: true,
  captureContent: "NO_CONTENT",
  runDir: undefined,
  disabled: false,
  reload: true,
  onConfigError: "exit",
};

const WHOLE = `
organization: acme
project: atlas
endpoints:
  - { host: llm.internal, provider: vllm, api: openai.chat }
task: nightly
agent: reviewer
attribution:
  locked: { organization: acme, repository: tollgate }
  trustBaggage: true
budgets:
  - id: org
    limit: { usd: 100 }
    window: month
    timezone: Europe/Berlin
  - id: per-project
    each: [project]
    limit: { usd: 12.5, tokens: 1000000 }
    window: day
    onExceed: throttle
    throttle: { maxWait: 30s }
pricing:
  overrides:
    - { provider: openai, model: "gpt-*", inputPerMtok: 1.25, outputPerMtok: "10" }
metrics:
  labels: [organization, project]
  maxSeries: 500
  prometheus: { host: 0.0.0.0, port: 0 }
spans: false
`;

test("no file means what an empty one means", () => {
  const { sources: none, ...withoutFile } = loadConfig({ cwd: makeFolder(), env: {} });
  const { sources: empty, ...withEmptyFile } = load("");
  expect(withoutFile).toEqual(withEmptyFile);
  expect(none.file).not.toBe(empty.file);
});

test("reads every part of a file", () => {
  expect(load(WHOLE)).toMatchObject({
    attribution: {
      defaults: { organization: "acme", project: "atlas", task: "nightly", agent: "reviewer" },
      locked: { organization: "acme", repository: "tollgate" },
      trustBaggage: true,
    },
    endpoints: [{ host: "llm.internal", provider: "vllm", api: "openai.chat" }],
    budgets: [
      { id: "org", limit: { usd: 100 }, window: "month", timezone: "Europe/Berlin" },
      { id: "per-project", each: ["project"], limit: { usd: 12.5, tokens: 1_000_000 } },
    ],
    pricing: { overrides: [{ provider: "openai", model: "gpt-*", outputPerMtok: "10" }] },
    metrics: {
      labels: ["organization", "project"],
      maxSeries: 500,
      prometheus: { host: "0.0.0.0", port: 0 },
    },
    spans: false,
  });
});

test("fills in the defaults of a budget", () => {
  const { budgets } = load("budgets: [{ id: a, limit: { usd: 1 }, window: day }]");
  expect(budgets).toMatchObject([
    { alertAt: [50, 80, 95], onExceed: "deny", guarantee: "bounded", match: {}, each: [] },
  ]);
});

test("has defaults for everything when there is no file", () => {
  const config = loadConfig({ cwd: makeFolder(), env: {} });
  expect(config).toEqual({ ...DEFAULTS, sources: { file: undefined, variables: [] } });
});

test.each([
  ["an empty file", ""],
  ["a file of comments", "# budgets:\n"],
  ["an empty document", "---\n"],
  ["a byte order mark alone", "\uFEFF"],
])("has defaults for everything in %s", (_name, content) => {
  expect(load(content)).toMatchObject(DEFAULTS);
});

test("reads a file with a byte order mark and Windows line ends", () => {
  const { attribution } = load("\uFEFForganization: acme\r\nproject: atlas\r\n");
  expect(attribution.defaults).toEqual({ organization: "acme", project: "atlas" });
});

test("reads names in any script", () => {
  expect(load("project: Übersetzung 翻訳 🚀").attribution.defaults.project).toBe(
    "Übersetzung 翻訳 🚀",
  );
});

test("reads JSON, which is YAML", () => {
  expect(load('{"project": "atlas", "spans": false}')).toMatchObject({
    attribution: { defaults: { project: "atlas" } },
    spans: false,
  });
});

test("repeats what an alias stands for", () => {
  const { budgets } = load(`
budgets:
  - &base { id: a, limit: { usd: 1 }, window: day }
  - { <<: *base, id: b }
`);
  expect(budgets.map(({ id, window }) => [id, window])).toEqual([
    ["a", "day"],
    ["b", "day"],
  ]);
});

test("prefers tollgate.yaml to tollgate.yml", () => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, "tollgate.yml"), "project: short");
  expect(loadConfig({ cwd, env: {} }).attribution.defaults.project).toBe("short");
  writeFileSync(join(cwd, "tollgate.yaml"), "project: long");
  expect(loadConfig({ cwd, env: {} }).attribution.defaults.project).toBe("long");
});

test("reads the file that TOLLGATE_CONFIG names, from the working directory on", () => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, "other.yaml"), "project: other");
  writeFileSync(join(cwd, "tollgate.yaml"), "project: default");
  for (const file of ["other.yaml", join(cwd, "other.yaml")]) {
    const config = loadConfig({ cwd, env: { TOLLGATE_CONFIG: file } });
    expect(config.attribution.defaults.project).toBe("other");
    expect(config.sources.file).toBe(join(cwd, "other.yaml"));
  }
});

test("lets variables win over the file, name by name", () => {
  const { attribution } = load("organization: acme\nproject: atlas", {
    TOLLGATE_PROJECT: "borealis",
    TOLLGATE_TASK: "nightly",
  });
  expect(attribution.defaults).toEqual({
    organization: "acme",
    project: "borealis",
    task: "nightly",
  });
});

test("takes an empty variable for an absent one, and no blanks around a value", () => {
  const { attribution, sources } = load("project: atlas", {
    TOLLGATE_PROJECT: "",
    TOLLGATE_TASK: " ",
    TOLLGATE_AGENT: " reviewer ",
  });
  expect(attribution.defaults).toEqual({ project: "atlas", agent: "reviewer" });
  expect(sources.variables).toEqual(["TOLLGATE_AGENT"]);
});

test("reads the variables that have no key in the file", () => {
  const env = {
    TOLLGATE_RUN_DIR: "/run/tollgate",
    TOLLGATE_DISABLED: "TRUE",
    TOLLGATE_ON_CONFIG_ERROR: "ignore",
    TOLLGATE_TRUST_BAGGAGE: "true",
  };
  expect(load("attribution: { trustBaggage: false }", env)).toMatchObject({
    runDir: "/run/tollgate",
    disabled: true,
    onConfigError: "ignore",
    attribution: { trustBaggage: true },
  });
});

test("lets TOLLGATE_TRUST_BAGGAGE=false win over a file that trusts", () => {
  const config = load("attribution: { trustBaggage: true }", { TOLLGATE_TRUST_BAGGAGE: "false" });
  expect(config.attribution.trustBaggage).toBe(false);
});

test.each([
  ["", undefined, "NO_CONTENT"],
  ["captureContent: true", undefined, "SPAN_ONLY"],
  ["captureContent: false", "true", "SPAN_ONLY"],
  ["captureContent: EVENT_ONLY", undefined, "EVENT_ONLY"],
  ["captureContent: true", "false", "NO_CONTENT"],
  ["captureContent: true", "span_and_event", "SPAN_AND_EVENT"],
  ["captureContent: true", " ", "SPAN_ONLY"],
  ["captureContent: true", "maybe", "NO_CONTENT"],
])("content with %j and the variable %j: %s", (content, variable, mode) => {
  const env = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: variable };
  expect(load(content, env).captureContent).toBe(mode);
});

test("leaves variables of others alone", () => {
  const { sources } = load("", {
    PATH: "/bin",
    // Kubernetes sets these for services called tollgate and tollgate-agent.
    TOLLGATE_SERVICE_HOST: "10.0.0.1",
    TOLLGATE_SERVICE_PORT: "80",
    TOLLGATE_PORT: "tcp://10.0.0.1:80",
    TOLLGATE_PORT_80_TCP_ADDR: "10.0.0.1",
    TOLLGATE_AGENT_SERVICE_HOST: "10.0.0.1",
    TOLLGATE_AGENT_SERVICE_PORT_HTTP: "80",
    TOLLGATE_AGENT_PORT_80_TCP: "tcp://10.0.0.1:80",
    // An app that happens to be called so.
    TOLLGATE_WEBHOOK_URL: "https://example.com",
  });
  expect(sources.variables).toEqual([]);
});
