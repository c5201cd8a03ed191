import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UsageEvent } from "@tollgate/core";
import { runNode, startFakeProvider, type FakeProvider } from "@tollgate/testkit";
import { FIDELITY_USAGE, fidelityScript } from "./fidelity/provider-script.ts";

/** What one run of the app saw, and what its provider saw of it. */
interface Run {
  readonly stderr: string;
  readonly scenarios: ReadonlyMap<string, unknown>;
  readonly requests: ReadonlyMap<string, readonly { path: string; closedByClient: boolean }[]>;
  readonly events: readonly UsageEvent[];
}

const CLIENTS = [
  "openai5",
  "openai6",
  "openai",
  "openai:cjs",
  "anthropic-sdk-0",
  "@anthropic-ai/sdk",
  "@anthropic-ai/sdk:cjs",
  "fetch",
] as const;

/** Refuses the models that the scenarios "budget refuses …" ask for, and nothing else. */
const POLICIES = [
  {
    id: "refuses",
    match: { model: "gpt-4.1-nano*" },
    limit: { usd: 0.000_000_001 },
    window: "total",
    guarantee: "hard",
    maxOutputTokens: 100,
  },
  {
    id: "refuses-too",
    match: { model: "claude-3-5-haiku-*" },
    limit: { usd: 0.000_000_001 },
    window: "total",
    guarantee: "hard",
  },
];

const APP = join(import.meta.dirname, "fidelity/app.mjs");
const METER = join(import.meta.dirname, "fidelity/meter-to-file.mjs");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tollgate-fidelity-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runApp(client: string, metered: boolean): Promise<Run> {
  const provider = await startFakeProvider({ respond: fidelityScript() });
  const eventsFile = join(folder, `${client.replaceAll(/\W/g, "-")}.jsonl`);
  try {
    const app = runNode({
      script: APP,
      args: [client, provider.url],
      nodeArgs: metered ? ["--import", METER] : [],
      env: {
        FIDELITY_EVENTS: eventsFile,
        FIDELITY_POLICIES: JSON.stringify(POLICIES),
        OPENAI_API_KEY: undefined,
        ANTHROPIC_API_KEY: undefined,
      },
    });
    const { code, stdout, stderr } = await app.exited;
    expect(code, stderr).toBe(0);
    await Promise.all(provider.requests.map((request) => request.ended));
    return {
      stderr: normalised(stderr),
      scenarios: new Map(stdout.trim().split("\n").map(readLine)),
      requests: requestsByScenario(provider),
      events: metered ? await readEvents(eventsFile) : [],
    };
  } finally {
    await provider.close();
  }
}

function readLine(line: string): [string, unknown] {
  const told: { scenario: string; result: unknown } = JSON.parse(normalised(line));
  return [told.scenario, told.result];
}

/** Where a short answer may or may not be over before the client goes. */
const endsByItself = (scenario: string): boolean =>
  !/break|abort|cancel|signal|timeout/.test(scenario);

/** Ids, ports and times differ from run to run. */
function normalised(line: string): string {
  return line
    .replaceAll(/\b(chatcmpl|resp|msg|req|call|toolu|rs|fc|fp|obf)[-_][\w-]+/g, "$1-id")
    .replaceAll(/((?:created|created_at|completed_at)\\*": ?)\d+/g, "$10")
    .replaceAll(/127\.0\.0\.1:\d+/g, "host")
    .replaceAll(/(\\*"obfuscation\\*":\\*")[^"\\]*/g, "$1");
}

function requestsByScenario(provider: FakeProvider): Run["requests"] {
  return Map.groupBy(
    provider.requests.map(({ path, closedByClient, headers }) => ({
      path,
      closedByClient: closedByClient && !endsByItself(headers["x-scenario"] ?? ""),
      scenario: headers["x-scenario"] ?? "",
    })),
    ({ scenario }) => scenario,
  );
}

async function readEvents(file: string): Promise<UsageEvent[]> {
  const text = await readFile(file, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line): UsageEvent => JSON.parse(line));
}

const refused = (scenario: string): boolean => scenario.startsWith("budget refuses");

describe.each(CLIENTS)("%s", (client) => {
  let plain: Run;
  let metered: Run;

  beforeAll(async () => {
    [plain, metered] = await Promise.all([runApp(client, false), runApp(client, true)]);
  });

  test("gives the app the same values, chunks and errors as without us", () => {
    expect(metered.scenarios.size).toBeGreaterThan(20);
    for (const [scenario, result] of plain.scenarios) {
      if (refused(scenario)) continue;
      expect(metered.scenarios.get(scenario), scenario).toEqual(result);
    }
  });

  test("prints nothing of its own", () => {
    expect(metered.stderr).toBe(plain.stderr);
  });

  test("sends the provider the same requests, and the same cancels", () => {
    for (const [scenario, requests] of plain.requests) {
      if (refused(scenario)) continue;
      expect(metered.requests.get(scenario), scenario).toEqual(requests);
    }
  });

  test("refuses in one attempt, as an ordinary APIError with status 402", () => {
    for (const [scenario, result] of metered.scenarios) {
      if (!refused(scenario)) continue;
      expect(result, scenario).toMatchObject({ status: 402, isApiError: true });
      expect(metered.requests.get(scenario), scenario).toBeUndefined();
      expect(plain.requests.get(scenario), scenario).toHaveLength(1);
    }
  });

  test("meters every attempt exactly once", () => {
    const sent = [...metered.requests].flatMap(([, requests]) => requests);
    const posts = sent.filter(({ path }) => path.startsWith("/v1/"));
    const left = metered.events.filter(
      ({ outcome, errorType }) => outcome !== "refused" && errorType !== "ECONNREFUSED",
    );
    const gets = metered.requests.get("raw get")?.length ?? 0;
    expect(left).toHaveLength(posts.length - gets);
    expect(new Set(metered.events.map(({ id }) => id)).size).toBe(metered.events.length);
  });

  test("reads the provider's own counts of every whole answer", () => {
    const whole = metered.events.filter(({ outcome, estimated }) => outcome === "ok" && !estimated);
    expect(whole.length).toBeGreaterThan(5);
    for (const event of whole) {
      expect(event.usage, event.api).toMatchObject(FIDELITY_USAGE);
      expect(event.cost.totalNanoUsd, event.api).toBeGreaterThan(0);
    }
  });
});
