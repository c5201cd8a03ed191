import { join } from "node:path";
import type { FakeProvider } from "@tollgate/testkit";
import * as z from "zod";
import { runProgram } from "./run-program.ts";
import { readSentSpans, type SentSpan } from "./sent-spans.ts";
import type { PythonSender } from "./senders.ts";

export type Protocol = "http" | "grpc";

export interface AppRun {
  /** Which scenario was under way in which trace. */
  readonly scenarios: ReadonlyMap<string, string>;
  readonly spans: readonly SentSpan[];
}

export interface AppLaunch {
  readonly python: string;
  readonly sender: PythonSender;
  readonly provider: FakeProvider;
  readonly protocol: Protocol;
  /** Where telemetry goes, such as `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  /** A folder of this run's own. */
  readonly folder: string;
}

const toldSchema = z.object({ scenario: z.string(), traceId: z.string() });
const APP = join(import.meta.dirname, "python/app.py");
let runs = 0;

/** Runs the app once. @throws Error with its output when that fails */
export async function runApp(launch: AppLaunch): Promise<AppRun> {
  const { python, sender, provider, protocol, endpoint, folder } = launch;
  runs += 1;
  const spansFile = join(folder, `spans-${runs}.jsonl`);
  const args = [APP, sender.calls, sender.instruments.join(","), protocol, spansFile];
  const app = await runProgram(python, args, {
    cwd: folder,
    env: {
      OTEL_SERVICE_NAME: projectOf(sender),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_INSECURE: "true",
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OPENAI_API_KEY: "sk-test",
      ANTHROPIC_BASE_URL: provider.url,
      ANTHROPIC_API_KEY: "sk-test",
      INTEROP_NO_ANTHROPIC: sender.openaiOnly === true ? "1" : undefined,
      PYTHONDONTWRITEBYTECODE: "1",
      ...NO_PROXIES,
    },
  });
  if (app.code !== 0) throw new Error(`${sender.name} ended with ${app.code}:\n${app.stderr}`);
  const told = app.stdout
    .split("\n")
    .filter((line) => line.startsWith('{"scenario"'))
    .map((line) => toldSchema.parse(JSON.parse(line)));
  return {
    scenarios: new Map(told.map(({ scenario, traceId }) => [traceId, scenario])),
    spans: await readSentSpans(spansFile),
  };
}

/** `service.name`, which is charged as the project. */
export function projectOf({ name }: PythonSender): string {
  return `interop-${name}`;
}

/** Everything is on loopback. */
const NO_PROXIES = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"].map(
    (name) => [name, undefined],
  ),
);
