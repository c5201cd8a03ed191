import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runNode, startFakeProvider, type FakeProvider, type NodeExit } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { message, startBedrock } from "./bedrock-server.ts";

// Each test starts processes.
vi.setConfig({ testTimeout: 60_000 });

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);
const PRELOAD = ["--conditions=source", "--import", pathToFileURL(fixture("preload.ts")).href];

const bookedSchema = z.object({
  api: z.string(),
  outcome: z.string(),
  estimated: z.boolean(),
  streaming: z.boolean(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).optional(),
});

/** Runs an app as a process of its own. */
async function run(
  script: string,
  env: Readonly<Record<string, string>>,
  nodeArgs?: string[],
): Promise<NodeExit> {
  const exit = await runNode({
    script: fixture(script),
    env,
    ...(nodeArgs && { nodeArgs }),
  }).exited;
  if (exit.code !== 0) throw new Error(exit.stderr);
  return exit;
}

function bookedBy({ stderr }: NodeExit): z.infer<typeof bookedSchema>[] {
  const lines = stderr.split("\n").filter((line) => line !== "");
  return lines.map((line) => bookedSchema.parse(JSON.parse(line)));
}

async function startProvider(): Promise<FakeProvider> {
  const usage = { inputTokens: 1_000, outputTokens: 500 };
  const provider = await startFakeProvider({ script: { usage } });
  onTestFinished(() => provider.close());
  return provider;
}

describe.each([
  "node-fetch-2.cjs",
  "node-fetch-3.cjs",
  "node-fetch-3.mjs",
  "undici.cjs",
  "undici.mjs",
])("an app with %s", (script) => {
  test("sees what it sees without us, however it reads; each call is booked once", async () => {
    const provider = await startProvider();
    const env = { BASE_URL: provider.openaiBaseUrl };
    const [bare, metered] = [await run(script, env), await run(script, env, PRELOAD)];
    expect(bare.stderr).toBe("");
    expect(metered.stdout).toBe(bare.stdout);
    const booked = bookedBy(metered);
    expect(booked).toHaveLength(13);
    expect(booked.filter(({ streaming }) => streaming)).toHaveLength(8);
    // The last one leaves its stream after the first chunk.
    for (const call of booked.slice(0, -1)) {
      expect(call).toMatchObject({
        api: "openai.chat",
        outcome: "ok",
        estimated: false,
        usage: { inputTokens: 1_000, outputTokens: 500 },
      });
    }
    expect(["ok", "cancelled"]).toContain(booked.at(-1)?.outcome);
  });

  test("gets refusals as responses of its own kind, and nothing leaves", async () => {
    const provider = await startProvider();
    const env = { BASE_URL: provider.openaiBaseUrl, REFUSE: "1" };
    const { stdout } = await run(script, env, PRELOAD);
    const lines = stdout.trim().split("\n");
    const refused = lines.filter((line) => line.includes('"status":402,"url":true'));
    expect(refused).toHaveLength(13);
    expect(provider.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });
});

describe.each(["openai4.cjs", "openai4.mjs"])("an SDK on node-fetch, %s", (script) => {
  test("works as without us, and its calls are booked", async () => {
    const provider = await startProvider();
    const env = { BASE_URL: provider.openaiBaseUrl };
    const [bare, metered] = [await run(script, env), await run(script, env, PRELOAD)];
    expect(metered.stdout).toBe(bare.stdout);
    expect(bookedBy(metered)).toMatchObject([
      { outcome: "ok", estimated: false, streaming: false },
      { outcome: "ok", estimated: false, streaming: true },
    ]);
  });

  test("raises a refusal as its ordinary error, once", async () => {
    const provider = await startProvider();
    const env = { BASE_URL: provider.openaiBaseUrl, REFUSE: "1" };
    const refused = await run(script, env, PRELOAD);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      name: "APIError",
      status: 402,
      code: "tollgate_budget_exceeded",
      marked: true,
    });
    expect(bookedBy(refused)).toHaveLength(1);
    expect(provider.requests).toEqual([]);
  });
});

test("an app that imports the AWS SDK is metered over HTTP/2", async () => {
  const usage = { inputTokens: 3, outputTokens: 4, totalTokens: 7 };
  const server = await startBedrock(2, () => ({
    body: [
      message("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hello" } }),
      message("messageStop", { stopReason: "end_turn" }),
      message("metadata", { usage, metrics: { latencyMs: 3 } }),
    ],
  }));
  const env = { BASE_URL: server.url };
  const [bare, metered] = [await run("bedrock.mjs", env), await run("bedrock.mjs", env, PRELOAD)];
  expect(metered.stdout).toBe(bare.stdout);
  expect(bookedBy(metered)).toMatchObject([
    { api: "bedrock.converse_stream", outcome: "ok", usage: { inputTokens: 3, outputTokens: 4 } },
  ]);
});
