/** A coding agent that is an npm package: how it is asked one thing, and sends what it does. */
export interface CodingAgent {
  readonly name: string;
  readonly title: string;
  readonly package: string;
  /** Exactly this one: others write other telemetry. */
  readonly version: string;
  /** The script of the package that starts it. */
  readonly script: string;
  readonly args: readonly string[];
  readonly provider: string;
  readonly model: string;
  readonly dialect: string;
  /** `service.name`, which is charged as the project. */
  readonly project: string;
  readonly env: (to: Addresses) => Readonly<Record<string, string>>;
  /** Files of its home, by path. */
  readonly files: (to: Addresses) => Readonly<Record<string, string>>;
}

export interface Addresses {
  readonly providerUrl: string;
  readonly openaiBaseUrl: string;
  readonly collectorUrl: string;
  readonly home: string;
}

const ASKED = "Hello";

export const CODING_AGENTS: readonly CodingAgent[] = [
  {
    name: "claude-code",
    title: "Claude Code",
    package: "@anthropic-ai/claude-code",
    version: "2.1.332",
    script: "cli-wrapper.cjs",
    args: ["-p", ASKED, "--model", "claude-sonnet-4-5"],
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    dialect: "claude-code",
    project: "claude-code",
    env: ({ providerUrl, collectorUrl }) => ({
      ANTHROPIC_BASE_URL: providerUrl,
      ANTHROPIC_API_KEY: "sk-test",
      CLAUDE_CODE_ENABLE_TELEMETRY: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    }),
    files: () => ({}),
  },
  {
    name: "codex",
    title: "Codex CLI",
    package: "@openai/codex",
    version: "0.171.0",
    script: "bin/codex.js",
    args: ["exec", "--skip-git-repo-check", ASKED],
    provider: "openai",
    model: "gpt-5",
    dialect: "codex",
    project: "codex_exec",
    env: ({ home }) => ({ OPENAI_API_KEY: "sk-test", CODEX_HOME: `${home}/codex` }),
    files: ({ openaiBaseUrl, collectorUrl }) => ({
      "codex/config.toml": [
        'model = "gpt-5"',
        'model_provider = "fake"',
        "[analytics]",
        "enabled = false",
        "[model_providers.fake]",
        'name = "fake"',
        `base_url = "${openaiBaseUrl}"`,
        'env_key = "OPENAI_API_KEY"',
        'wire_api = "responses"',
        "[otel]",
        `exporter = { otlp-http = { endpoint = "${collectorUrl}/v1/logs", protocol = "binary" } }`,
        `trace_exporter = { otlp-http = { endpoint = "${collectorUrl}/v1/traces", protocol = "binary" } }`,
      ].join("\n"),
    }),
  },
  {
    name: "gemini-cli",
    title: "Gemini CLI",
    package: "@google/gemini-cli",
    version: "0.61.0",
    script: "bundle/gemini.js",
    args: ["-p", ASKED, "-m", "gemini-2.5-flash"],
    provider: "gcp.gemini",
    model: "gemini-2.5-flash",
    dialect: "gemini-cli",
    project: "gemini-cli",
    env: ({ providerUrl, collectorUrl }) => ({
      GEMINI_API_KEY: "test",
      GOOGLE_GEMINI_BASE_URL: providerUrl,
      GEMINI_TELEMETRY_ENABLED: "true",
      GEMINI_TELEMETRY_TARGET: "local",
      GEMINI_TELEMETRY_OTLP_ENDPOINT: collectorUrl,
      GEMINI_TELEMETRY_OTLP_PROTOCOL: "http",
      GEMINI_CLI_TRUST_WORKSPACE: "true",
    }),
    files: () => ({
      ".gemini/settings.json": JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
      }),
    }),
  },
];
