import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runNode, startFakeRealtime, type NodeExit, type RealtimeScript } from "@tollgate/testkit";
import { generate } from "selfsigned";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";

/** OpenAI's SDK takes `wss:` alone. */
let tls: { readonly key: string; readonly cert: string };
let caFile: string;

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const folder = await mkdtemp(join(tmpdir(), "tollgate-realtime-"));
  tls = { key, cert };
  caFile = join(folder, "ca.pem");
  await writeFile(caFile, cert);
  return () => rm(folder, { recursive: true });
});

// Each test starts processes.
vi.setConfig({ testTimeout: 20_000 });

const FIXTURES = join(import.meta.dirname, "fixtures");
const METERED = ["--import", pathToFileURL(join(FIXTURES, "preload.ts")).href];

const SCRIPTS: readonly RealtimeScript[] = [
  { pieces: ["Hel", "lo."], usage: { textInput: 120, textOutput: 5 } },
  {
    functions: [{ name: "look_up", arguments: { city: "Bern" } }],
    usage: { textInput: 150, cachedText: 100, textOutput: 12 },
  },
  {
    pieces: ["One", " two", " three"],
    hangAfterPieces: 1,
    usage: {
      textInput: 100,
      audioInput: 50,
      cachedText: 60,
      cachedAudio: 40,
      textOutput: 3,
      audioOutput: 20,
    },
  },
];

async function run(
  file: string,
  socket: string,
  nodeArgs: readonly string[],
  env = {},
): Promise<NodeExit> {
  const server = await startFakeRealtime({ tls });
  onTestFinished(() => server.close());
  server.enqueue(...SCRIPTS);
  return runNode({
    script: join(FIXTURES, file),
    nodeArgs: ["--conditions=source", ...nodeArgs],
    env: { ...env, REALTIME_URL: server.baseUrl, SOCKET: socket, NODE_EXTRA_CA_CERTS: caFile },
  }).exited;
}

const bookedSchema = z.object({
  provider: z.string(),
  operation: z.string(),
  requestModel: z.string().optional(),
  responseModel: z.string().optional(),
  responseId: z.string().optional(),
  outcome: z.string(),
  errorType: z.string().optional(),
  estimated: z.boolean(),
  finishReasons: z.array(z.string()),
  toolCalls: z.array(z.string()),
  usage: z.looseObject({}).optional(),
  cost: z.object({ totalNanoUsd: z.number().optional() }),
  timeToFirstChunkMs: z.number().optional(),
});

function eventsOf({ stderr }: Pick<NodeExit, "stderr">): z.infer<typeof bookedSchema>[] {
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => bookedSchema.parse(JSON.parse(line)));
}

describe.each(["realtime-app.mjs", "realtime-app.cjs"])("OpenAI's SDK in %s", (file) => {
  describe.each(["ws", "global"])("on a %s socket", (socket) => {
    test("sees the same with and without metering, and each response is booked once", async () => {
      const plain = await run(file, socket, []);
      const metered = await run(file, socket, METERED);
      expect(metered.stdout).toBe(plain.stdout);
      expect(metered.code).toBe(plain.code);
      expect(plain.stdout).toContain("class true true 1");

      const events = eventsOf(metered);
      expect(events.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "error", "cancelled"]);
      expect(events[0]).toMatchObject({
        provider: "openai",
        operation: "chat",
        requestModel: "gpt-realtime",
        responseModel: "gpt-realtime",
        estimated: false,
        finishReasons: ["completed"],
        usage: { inputTokens: 120, outputTokens: 5 },
        cost: { totalNanoUsd: 120 * 4_000 + 5 * 16_000 },
      });
      expect(events[0]?.timeToFirstChunkMs).toBeGreaterThanOrEqual(0);
      expect(events[1]).toMatchObject({ toolCalls: ["look_up"], usage: { cacheReadTokens: 100 } });
      expect(events[2]).toMatchObject({ errorType: "conversation_already_has_active_response" });
      expect(events[3]).toMatchObject({
        estimated: false,
        finishReasons: ["client_cancelled"],
        usage: {
          inputTokens: 150,
          outputTokens: 23,
          audioInputTokens: 50,
          audioOutputTokens: 20,
          cacheReadTokens: 100,
          audioCacheReadTokens: 40,
        },
        cost: {
          totalNanoUsd: 40 * 4_000 + 10 * 32_000 + 60 * 400 + 40 * 400 + 3 * 16_000 + 20 * 64_000,
        },
      });
    });

    test("gets a refusal as the server's own kind of error", async () => {
      const { stdout, code, stderr } = await run(file, socket, METERED, { REFUSE: "1" });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^error OpenAIRealtimeError .*code=tollgate_budget_exceeded.*true$/m);
      expect(stdout).toContain('"event_id":"ask_1"');
      expect(stdout).not.toContain("response.created");
      expect(eventsOf({ stderr }).map(({ outcome }) => outcome)).toEqual(["refused"]);
    });
  });
});
