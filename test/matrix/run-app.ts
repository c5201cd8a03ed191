import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { UsageEvent } from "@tollgate/core";
import {
  runNode,
  startFakeProvider,
  type FakeProvider,
  type RecordedRequest,
} from "@tollgate/testkit";
import { bundleApp } from "./bundle-app.ts";
import type { Cell } from "./clients.ts";
import { normalised } from "./normalised.ts";
import { linkPackages } from "./link-packages.ts";
import { isRead } from "./is-read.ts";
import { createProviderScript, scenarioOf } from "./provider-script.ts";
import { REFUSING_POLICIES } from "./refusing-policies.ts";

/** One request, as far as it is to be the same with and without metering. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headerNames: readonly string[];
  readonly body: unknown;
  /** Whether the client closed the connection before the app ended. */
  readonly closedByClient: boolean;
}

/** What one run of the app saw, and what its provider saw of it. */
export interface AppRun {
  readonly stderr: string;
  readonly results: ReadonlyMap<string, unknown>;
  readonly requests: ReadonlyMap<string, readonly SentRequest[]>;
  readonly events: readonly UsageEvent[];
}

export interface AppRunOptions {
  readonly metered: boolean;
  /** Which scenarios to run. @defaultValue all */
  readonly only?: RegExp | undefined;
  /** A folder of this run's own. */
  readonly folder: string;
}

const APP = join(import.meta.dirname, "app/app.mjs");
const METER = join(import.meta.dirname, "meter-to-file.mjs");
const LEFT_OPEN_MS = 700;
const LATE_EVENTS_MS = 5_000;
const POLL_MS = 20;

/** Runs all scenarios of a cell in one process. @throws Error with its output when that fails */
export async function runApp(cell: Cell, options: AppRunOptions): Promise<AppRun> {
  const { metered, only, folder } = options;
  const eventsFile = join(folder, "events.jsonl");
  const script = createProviderScript();
  const provider = await startFakeProvider({
    respond(request) {
      app.write(`${scenarioOf(request)}\n`);
      return script(request);
    },
  });
  const { client, format } = cell;
  const specifiers = await linkPackages(client, folder);
  const app = runNode({
    script: format === "bundle" ? await bundleApp(client, folder) : APP,
    args: [client.family, format, provider.url, specifiers.join(","), folder],
    nodeArgs: metered ? ["--import", METER] : [],
    env: {
      ...NO_SETTINGS,
      MATRIX_EVENTS: eventsFile,
      MATRIX_POLICIES: JSON.stringify(REFUSING_POLICIES),
      MATRIX_ONLY: only?.source,
    },
  });
  try {
    await app.untilStdout(/^\{"finished":true\}$/m);
    await Promise.race([
      Promise.all(provider.requests.map((request) => request.ended)),
      wait(LEFT_OPEN_MS),
    ]);
    const requests = requestsByScenario(provider);
    const events = metered
      ? await readEvents(eventsFile, provider.requests.filter(isRead).length)
      : [];
    app.endInput();
    const { stdout, stderr } = await app.exited;
    return { stderr: normalised(stderr), results: readResults(stdout), requests, events };
  } finally {
    app.kill("SIGKILL");
    await provider.close();
  }
}

/** What a developer's shell may hold and clients would read. */
const NO_SETTINGS: Readonly<Record<string, undefined>> = Object.fromEntries(
  [
    "OPENAI",
    "ANTHROPIC",
    "GOOGLE",
    "GEMINI",
    "MISTRAL",
    "CO",
    "GROQ",
    "TOGETHER",
    "OLLAMA",
    "AWS",
    "BEDROCK",
  ].flatMap((vendor) =>
    [`${vendor}_API_KEY`, `${vendor}_BASE_URL`].map((name) => [name, undefined]),
  ),
);

function readResults(stdout: string): Map<string, unknown> {
  const results = new Map<string, unknown>();
  for (const line of stdout.trim().split("\n")) {
    const told: { scenario?: string; result?: unknown } = JSON.parse(normalised(line));
    if (told.scenario !== undefined) results.set(told.scenario, told.result);
  }
  return results;
}

function requestsByScenario(provider: FakeProvider): AppRun["requests"] {
  const requests = new Map<string, SentRequest[]>();
  for (const request of provider.requests) {
    const scenario = scenarioOf(request);
    requests.set(scenario, [...(requests.get(scenario) ?? []), describeRequest(request)]);
  }
  return requests;
}

function describeRequest(request: RecordedRequest): SentRequest {
  const { method, path, headers, bodyText, closedByClient } = request;
  const text = normalised(bodyText);
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Compared as it is.
  }
  return { method, path, headerNames: Object.keys(headers).toSorted(), body, closedByClient };
}

/** Abandoned answers are told of only after a while. */
async function readEvents(file: string, expected: number): Promise<UsageEvent[]> {
  const untilMs = performance.now() + LATE_EVENTS_MS;
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    const lines = text.trim().split("\n").filter(Boolean);
    const events = lines.map((line): UsageEvent => JSON.parse(line));
    const sent = events.filter(({ outcome, errorType }) => {
      return outcome !== "refused" && errorType !== "ECONNREFUSED";
    });
    if (sent.length >= expected || performance.now() > untilMs) return events;
    await wait(POLL_MS);
  }
}
