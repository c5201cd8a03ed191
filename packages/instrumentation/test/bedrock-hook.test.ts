import { createRequire } from "node:module";
import type * as BedrockRuntime from "@aws-sdk/client-bedrock-runtime";
import type * as NodeHandlers from "@smithy/node-http-handler";
import { createBudgetProcessor, parsePolicies } from "@tollgate/budget";
import { budgetExceeded, isBudgetExceeded, type UsageEvent } from "@tollgate/core";
import { startFakeProvider } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCallMeter } from "../src/index.ts";
import { createBedrockHook } from "../src/module/bedrock.ts";
import {
  makerMessage,
  message,
  startBedrock,
  type BedrockReply,
  type BedrockServer,
} from "./bedrock-server.ts";

// Required, as Node would: what bundlers are given of them does not run in Node.
const require = createRequire(import.meta.url);
const sdk: typeof BedrockRuntime = require("@aws-sdk/client-bedrock-runtime");
const handlers: typeof NodeHandlers = require("@smithy/node-http-handler");
const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } = sdk;
const { InvokeModelCommand, InvokeModelWithResponseStreamCommand } = sdk;

const modelId = "us.amazon.nova-lite-v1:0";
const messages = [{ role: "user" as const, content: [{ text: "Say something." }] }];
const ASK = { modelId, messages, inferenceConfig: { maxTokens: 50 } };
const WIRE_USAGE = { inputTokens: 6, outputTokens: 9, totalTokens: 35, cacheReadInputTokens: 20 };
const USAGE = { inputTokens: 26, outputTokens: 9, cacheReadTokens: 20 };

const ANSWER: BedrockReply = {
  body: JSON.stringify({
    output: { message: { role: "assistant", content: [{ text: "Hello" }] } },
    stopReason: "end_turn",
    usage: WIRE_USAGE,
    metrics: { latencyMs: 3 },
  }),
};
const STREAM: BedrockReply = {
  body: [
    message("messageStart", { role: "assistant" }),
    message("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }),
    message("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "lo" } }),
    message("contentBlockStop", { contentBlockIndex: 0 }),
    message("messageStop", { stopReason: "end_turn" }),
    message("metadata", { usage: WIRE_USAGE, metrics: { latencyMs: 3 } }),
  ],
};

interface Rig {
  readonly server: BedrockServer;
  readonly client: BedrockRuntime.BedrockRuntimeClient;
  readonly events: UsageEvent[];
  readonly hook: { disable(): void };
}

async function createRig(
  version: 1 | 2,
  reply: (path: string) => BedrockReply,
  policies: unknown = [],
  endpoint?: string,
): Promise<Rig> {
  const server = await startBedrock(version, reply);
  const events: UsageEvent[] = [];
  const budget = createBudgetProcessor({ policies: parsePolicies(policies) });
  const meter = createCallMeter({ budget, onUsage: (event) => events.push(event) });
  const hook = createBedrockHook(() => meter);
  const exports = { BedrockRuntimeClient };
  hook.patch?.(exports);
  const disable = (): void => hook.unpatch?.(exports);
  onTestFinished(disable);
  const client = new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: endpoint ?? server.url,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    requestHandler:
      version === 1 ? new handlers.NodeHttpHandler() : new handlers.NodeHttp2Handler(),
    retryMode: "standard",
  });
  onTestFinished(() => client.destroy());
  return { server, client, events, hook: { disable } };
}

async function textOf(stream: AsyncIterable<unknown> | undefined): Promise<string> {
  const events: unknown[] = [];
  for await (const event of stream ?? []) events.push(event);
  return JSON.stringify(events);
}

describe.each([1, 2] as const)("over HTTP/%d", (version) => {
  test("an answer is booked with the provider's counts and its price", async () => {
    const { client, events, server } = await createRig(version, () => ANSWER);
    const answer = await client.send(new ConverseCommand(ASK));
    expect(answer.output?.message?.content?.[0]?.text).toBe("Hello");
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(server.paths).toEqual(["/model/us.amazon.nova-lite-v1%3A0/converse"]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      api: "bedrock.converse",
      provider: "aws.bedrock",
      requestModel: modelId,
      usage: USAGE,
      estimated: false,
      outcome: "ok",
      finishReasons: ["end_turn"],
      cost: { priceSource: "catalogue" },
    });
    expect(events[0]?.cost.totalNanoUsd).toBeGreaterThan(0);
  });

  test("a stream is booked from its last message", async () => {
    const { client, events } = await createRig(version, () => STREAM);
    const answer = await client.send(new ConverseStreamCommand(ASK));
    expect(events).toEqual([]);
    expect(await textOf(answer.stream)).toContain('"Hel"');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      api: "bedrock.converse_stream",
      usage: USAGE,
      outcome: "ok",
      streaming: true,
    });
    expect(events[0]?.timeToFirstChunkMs).toBeGreaterThan(0);
  });

  test("a model maker's own body is read, whole and streamed", async () => {
    const { client, events } = await createRig(version, (path) =>
      path.endsWith("stream")
        ? {
            body: [
              makerMessage({
                type: "message_start",
                message: { usage: { input_tokens: 7, output_tokens: 1 } },
              }),
              makerMessage({
                type: "message_delta",
                delta: { stop_reason: "end_turn" },
                usage: { output_tokens: 5 },
              }),
              makerMessage({ type: "message_stop" }),
            ],
          }
        : {
            headers: {
              "x-amzn-bedrock-input-token-count": "7",
              "x-amzn-bedrock-output-token-count": "5",
            },
            body: JSON.stringify({ completion: "Hello", stop_reason: "stop_sequence" }),
          },
    );
    const body = JSON.stringify({ prompt: "a", max_tokens_to_sample: 9 });
    const invocation = { modelId: "anthropic.claude-v2", body };
    const whole = await client.send(new InvokeModelCommand(invocation));
    expect(whole.body.transformToString()).toContain("Hello");
    const streamed = await client.send(new InvokeModelWithResponseStreamCommand(invocation));
    await textOf(streamed.body);
    expect(events.map(({ api, usage }) => ({ api, ...usage }))).toMatchObject([
      { api: "bedrock.invoke_model", inputTokens: 7, outputTokens: 5 },
      { api: "bedrock.invoke_model_with_response_stream", inputTokens: 7, outputTokens: 5 },
    ]);
  });

  test("a refusal is the SDK's own exception with status 402, tried once, and nothing leaves", async () => {
    const spent = [{ id: "spent", limit: { tokens: 1 }, window: "total" }];
    const { client, events, server } = await createRig(version, () => ANSWER, spent);
    const attempts = [
      client.send(new ConverseCommand(ASK)),
      client.send(new ConverseStreamCommand(ASK)),
    ];
    for (const attempt of await Promise.allSettled<unknown>(attempts)) {
      const error: unknown = attempt.status === "rejected" ? attempt.reason : undefined;
      expect(error).toBeInstanceOf(sdk.BedrockRuntimeServiceException);
      expect(error).toMatchObject({ $metadata: { httpStatusCode: 402, attempts: 1 } });
      expect(String(error)).toContain('budget "spent"');
      expect(isBudgetExceeded(error)).toBe(true);
      expect(budgetExceeded(error)).toMatchObject({ budget: "spent", unit: "tokens", limit: 1 });
    }
    expect(server.paths).toEqual([]);
    expect(events.map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
  });

  test("each retry of the SDK is a call of its own; errors cost nothing", async () => {
    const replies: BedrockReply[] = [{ status: 503, body: '{"message":"busy"}' }, ANSWER];
    const { client, events } = await createRig(version, () => replies.shift() ?? ANSWER);
    await client.send(new ConverseCommand(ASK));
    expect(events.map(({ outcome, errorType }) => [outcome, errorType])).toEqual([
      ["error", "503"],
      ["ok", undefined],
    ]);
    expect(events[0]?.cost.totalNanoUsd).toBe(0);
  });

  test("a stream that breaks off is an error here as in the app", async () => {
    const body = [
      message("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }),
      message("throttlingException", { message: "slow" }, "exception"),
    ];
    const { client, events } = await createRig(version, () => ({ body }));
    const answer = await client.send(new ConverseStreamCommand(ASK));
    await expect(textOf(answer.stream)).rejects.toMatchObject({ name: "ThrottlingException" });
    expect(events).toMatchObject([
      { outcome: "error", errorType: "throttlingException", estimated: true },
    ]);
  });

  test("a stream that the app leaves is settled at once, at what was seen", async () => {
    const { client, events } = await createRig(version, () => STREAM);
    const answer = await client.send(new ConverseStreamCommand(ASK));
    for await (const event of answer.stream ?? []) if (event.contentBlockDelta) break;
    expect(events).toHaveLength(1);
    expect(["ok", "cancelled"]).toContain(events[0]?.outcome);
  });

  test("a call that is aborted before it leaves is none", async () => {
    const { client, events } = await createRig(version, () => STREAM);
    const abort = new AbortController();
    abort.abort();
    const { signal: abortSignal } = abort;
    const sending = client.send(new ConverseCommand(ASK), { abortSignal });
    await expect(sending).rejects.toMatchObject({ name: "AbortError" });
    expect(events).toEqual([]);
  });
});

test("an inference profile is billed by the id that was asked for, not by the model in the answer", async () => {
  const answer = {
    type: "message",
    model: "claude-haiku-4-5-20251001",
    usage: { input_tokens: 1_000, output_tokens: 1_000 },
  };
  const { client, events } = await createRig(1, () => ({ body: JSON.stringify(answer) }));
  const body = JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 9,
    messages: [],
  });
  const profiles = [
    "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "global.anthropic.claude-haiku-4-5-20251001-v1:0",
  ];
  const own = "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc";
  for (const id of [...profiles, own]) {
    await client.send(new InvokeModelCommand({ modelId: id, body }));
  }
  const [regional, global, unknown] = events.map(({ cost }) => cost.totalNanoUsd ?? 0);
  expect(global).toBe(6_000_000);
  expect(regional).toBe(6_600_000);
  // What no list knows is billed as the model that answered.
  expect(unknown).toBeGreaterThan(0);
  expect(new Set(events.map(({ responseModel }) => responseModel))).toEqual(
    new Set([answer.model]),
  );
});

test("a connection that dies in the middle of an HTTP/2 stream is an error, and the app sees an early end", async () => {
  const provider = await startFakeProvider({ script: { closeAfterChunks: 3 } });
  onTestFinished(() => provider.close());
  const { client, events } = await createRig(2, () => ANSWER, [], provider.url);
  const answer = await client.send(new ConverseStreamCommand(ASK));
  expect(await textOf(answer.stream)).not.toContain("messageStop");
  expect(events).toMatchObject([{ outcome: "error", errorType: "invalid_response" }]);
});

test("a refused HTTP/2 connection costs nothing", async () => {
  const provider = await startFakeProvider();
  await provider.close();
  const { client, events } = await createRig(2, () => ANSWER, [], provider.url);
  await expect(client.send(new ConverseCommand(ASK))).rejects.toThrow("ECONNREFUSED");
  expect(new Set(events.map(({ errorType }) => errorType))).toEqual(new Set(["ECONNREFUSED"]));
  expect(events[0]).toMatchObject({ outcome: "error", cost: { totalNanoUsd: 0 } });
});

test("callbacks work as ever", async () => {
  const { client, events } = await createRig(1, () => ANSWER);
  await new Promise<void>((resolve, reject) => {
    client.send(new ConverseCommand(ASK), (error) => (error ? reject(error) : resolve()));
  });
  expect(events).toHaveLength(1);
});

test("once the hook is taken out, clients that have it are left alone", async () => {
  const { client, events, hook } = await createRig(1, () => ANSWER);
  await client.send(new ConverseCommand(ASK));
  hook.disable();
  await client.send(new ConverseCommand(ASK));
  expect(events).toHaveLength(1);
  expect(Object.hasOwn(BedrockRuntimeClient.prototype, "send")).toBe(false);
});
