import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findServer } from "./find-server.ts";
import { startServer } from "./server-process.ts";

export interface PrometheusOptions {
  /** What to scrape: `127.0.0.1:9464`, or a URL such as `http://127.0.0.1:9464/metrics`. */
  readonly targets: readonly string[];
  /** @defaultValue 1000 */
  readonly scrapeIntervalMs?: number;
  /** Keep the `instance` and `job` labels that targets send. @defaultValue false */
  readonly honorLabels?: boolean;
  /** Path of a file of rules, evaluated as often as is scraped. @defaultValue none */
  readonly rules?: string;
  /** Where alerts are sent: the `host` of an Alertmanager. @defaultValue nowhere */
  readonly alertmanager?: string;
  /** @defaultValue 20,000 */
  readonly readyTimeoutMs?: number;
}

/** One series of an answer. */
export interface PrometheusVectorEntry {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusServer {
  readonly url: string;
  readonly pid: number;
  /**
   * Evaluates an expression now.
   *
   * @throws Error with Prometheus' own words when the expression is wrong or no vector or scalar.
   */
  query(promql: string): Promise<PrometheusVectorEntry[]>;
  /**
   * Evaluates an expression until its answer is accepted. A fresh Prometheus takes about five
   * seconds to its first scrape, whatever the interval.
   *
   * @throws Error with the last answer when `timeoutMs` (20,000 unless given) have passed.
   */
  queryUntil(
    promql: string,
    accept: (answer: readonly PrometheusVectorEntry[]) => boolean,
    timeoutMs?: number,
  ): Promise<PrometheusVectorEntry[]>;
  /** Ends the server by its pid and removes all it wrote. */
  stop(): Promise<void>;
}

/**
 * Starts the `prometheus` that is on `PATH` on a free loopback port, scraping `targets`.
 *
 * @throws Error when it is not installed (ask `findServer("prometheus")` first) or does not start.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const program = findServer("prometheus");
  if (program === undefined) {
    throw new Error("no prometheus on PATH; on Debian: apt-get install -y prometheus");
  }
  const server = await startServer({
    name: "prometheus",
    program,
    readyTimeoutMs: options.readyTimeoutMs ?? 20_000,
    async configure(folder, port) {
      const config = join(folder, "prometheus.yml");
      await writeFile(config, JSON.stringify(scrapeConfig(options)));
      return [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--log.level=warn",
      ];
    },
    isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const query: PrometheusServer["query"] = (promql) => evaluate(url, promql);
  return {
    url,
    pid: server.pid,
    query,
    async queryUntil(promql, accept, timeoutMs = 20_000) {
      const deadlineMs = performance.now() + timeoutMs;
      /* oxlint-disable no-await-in-loop -- polling */
      for (;;) {
        const answer = await query(promql);
        if (accept(answer)) return answer;
        if (performance.now() > deadlineMs) {
          throw new Error(`${promql} was ${JSON.stringify(answer)} after ${timeoutMs} ms`);
        }
        await wait(100);
      }
      /* oxlint-enable no-await-in-loop */
    },
    stop: () => server.stop(),
  };
}

/** JSON is YAML, so it needs no library. */
function scrapeConfig({
  targets,
  scrapeIntervalMs = 1000,
  honorLabels,
  rules,
  alertmanager,
}: PrometheusOptions): object {
  const interval = `${scrapeIntervalMs}ms`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    ...(rules !== undefined && { rule_files: [rules] }),
    ...(alertmanager !== undefined && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    }),
    scrape_configs: [
      {
        job_name: "tollgate",
        honor_labels: honorLabels ?? false,
        static_configs: targets.map((target) => {
          const { host, pathname, protocol } = new URL(
            target.includes("://") ? target : `http://${target}/metrics`,
          );
          const labels = { __metrics_path__: pathname, __scheme__: protocol.slice(0, -1) };
          return { targets: [host], labels };
        }),
      },
    ],
  };
}

async function evaluate(url: string, promql: string): Promise<PrometheusVectorEntry[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: "POST",
    body: new URLSearchParams({ query: promql }),
  });
  const body: unknown = await response.json();
  const data = member(body, "data");
  const result = member(data, "result");
  const type = member(data, "resultType");
  if (type === "scalar") return [{ metric: {}, value: sampleValue(result) }];
  if (type === "vector" && Array.isArray(result)) {
    return result.map((entry: unknown) => ({
      metric: labelsOf(member(entry, "metric")),
      value: sampleValue(member(entry, "value")),
    }));
  }
  const error = member(body, "error");
  const reason =
    typeof error === "string" ? error : `the answer is a ${String(type)}, not a vector or scalar`;
  throw new Error(`Prometheus cannot evaluate ${promql}: ${reason}`);
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function labelsOf(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, label]) => [name, String(label)]));
}

/** A sample is `[seconds, "value"]`; the value is text because JSON has no infinities. */
function sampleValue(sample: unknown): number {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined;
  if (typeof text !== "string") throw new Error("Prometheus answered in a form it never had");
  return Number(text.replace("Inf", "Infinity"));
}
