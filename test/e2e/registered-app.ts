import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  parsePrometheusText,
  runNode,
  startFakeProvider,
  type FakeProvider,
  type NodeProcess,
  type PrometheusSample,
} from "@tollgate/testkit";
import { onTestFinished } from "vitest";

/** What the fake provider says of every answer. */
const USAGE = { inputTokens: 1_000, outputTokens: 500, cacheReadTokens: 400 } as const;
/** At gpt-4o-mini's rates: 600 × $0.15 + 400 × $0.075 + 500 × $0.60, per million tokens. */
export const CHAT_USD = 0.000_42;

export interface AppOptions {
  readonly calls?: readonly string[];
  readonly script?: string;
  /** What stands before the script. @defaultValue `--import @tollgate/node/register` */
  readonly nodeArgs?: readonly string[];
  /** Text of tollgate.yaml; none without it. */
  readonly yaml?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** An unmodified app at work under Tollgate. */
export interface RegisteredApp {
  readonly app: NodeProcess;
  readonly provider: FakeProvider;
  readonly runDir: string;
  /** Its tollgate.yaml, whether there is one or not. */
  readonly configFile: string;
  /** What it printed, line by line, before it was ready. */
  lines(): Promise<unknown[]>;
  /** Where it says its `/metrics` are. */
  metricsUrl(): Promise<string>;
  samples(): Promise<PrometheusSample[]>;
}

export async function startApp(options: AppOptions = {}): Promise<RegisteredApp> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-e2e-"));
  const provider = await startFakeProvider({ script: { usage: USAGE } });
  const runDir = join(folder, "run");
  const config = join(folder, "tollgate.yaml");
  if (options.yaml !== undefined) await writeFile(config, options.yaml);
  const app = runNode({
    script: join(import.meta.dirname, "apps", options.script ?? "worker.mjs"),
    args: options.calls ?? [],
    nodeArgs: options.nodeArgs ?? ["--import", "@tollgate/node/register"],
    cwd: join(import.meta.dirname, ".."),
    env: {
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OPENAI_API_KEY: "sk-test",
      ANTHROPIC_BASE_URL: provider.url,
      ANTHROPIC_API_KEY: "sk-test",
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
      TOLLGATE_RUN_DIR: runDir,
      TOLLGATE_CONFIG: options.yaml === undefined ? undefined : config,
      TOLLGATE_ORGANIZATION: "acme",
      TOLLGATE_PROJECT: "atlas",
      TOLLGATE_AGENT: "planner",
      ...options.env,
    },
  });
  onTestFinished(async () => {
    app.kill("SIGKILL");
    await app.exited;
    await provider.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function metricsUrl(): Promise<string> {
    const name = `${app.pid}.json`;
    /* oxlint-disable no-await-in-loop -- polling */
    for (let tries = 0; tries < 200; tries++) {
      const names = await readdir(runDir).catch((): string[] => []);
      if (names.includes(name)) {
        const { metricsUrl: url }: { metricsUrl: string } = JSON.parse(
          await readFile(join(runDir, name), "utf8"),
        );
        return url;
      }
      await wait(20);
    }
    /* oxlint-enable no-await-in-loop */
    throw new Error(`no ${name} in ${runDir}\n${app.stderr}`);
  }

  return {
    app,
    provider,
    runDir,
    configFile: config,
    async lines() {
      const [before = ""] = await app.untilStdout(/^[^]*?(?=ready\n)/);
      return before
        .split("\n")
        .filter((line) => line !== "")
        .map((line): unknown => JSON.parse(line));
    },
    metricsUrl,
    async samples() {
      const text = await (await fetch(await metricsUrl())).text();
      return parsePrometheusText(text).flatMap((family) => family.samples);
    },
  };
}

/** The sum of the samples with this name and at least these labels. */
export function sumOf(
  samples: readonly PrometheusSample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, sample) => sum + sample.value, 0);
}
