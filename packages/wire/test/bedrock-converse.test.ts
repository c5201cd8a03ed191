import type { RequestFacts } from "@tollgate/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import { assemble, event, exception, joinBytes } from "./event-stream-samples.ts";
import { apiAt, readStream } from "./wire-samples.ts";

const RUNTIME = "https://bedrock-runtime.us-east-1.amazonaws.com";
const converse = apiAt(`${RUNTIME}/model/amazon.nova-lite-v1%3A0/converse`);
const converseStream = apiAt(`${RUNTIME}/model/amazon.nova-lite-v1%3A0/converse-stream`);

const USAGE = {
  inputTokens: 6,
  outputTokens: 9,
  totalTokens: 41,
  cacheReadInputTokens: 20,
  cacheWriteInputTokens: 6,
};
const EVENTS = [
  event("messageStart", { role: "assistant" }),
  event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Grüße" } }),
  event("contentBlockDelta", {
    contentBlockIndex: 0,
    delta: { reasoningContent: { text: "hm" } },
  }),
  event("contentBlockStop", { contentBlockIndex: 0 }),
  event("contentBlockStart", { start: { toolUse: { toolUseId: "1", name: "weather" } } }),
  event("contentBlockDelta", { delta: { toolUse: { input: '{"a":1}' } } }),
  event("messageStop", { stopReason: "tool_use" }),
  event("metadata", { usage: USAGE, metrics: { latencyMs: 5 } }),
];
const STREAM = joinBytes(EVENTS);

function read(body: object | undefined, path: string): RequestFacts | undefined {
  return converse.readRequest(body && JSON.stringify(body), path);
}

describe("a request", () => {
  const ASK = { messages: [{ role: "user", content: [{ text: 'say "image": {' }] }] };

  it.each([
    ["amazon.nova-lite-v1%3A0", "amazon.nova-lite-v1:0"],
    [
      "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ],
    [
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Famazon.nova-pro-v1%3A0",
      "amazon.nova-pro-v1:0",
    ],
    [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0",
      "us.amazon.nova-pro-v1:0",
    ],
    [
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc",
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
    ],
    ["100%", "100%"],
  ])("for %s is for %s", (segment, model) => {
    expect(read(ASK, `/model/${segment}/converse`)?.model).toBe(model);
    expect(read(ASK, `/model/${segment}/converse/`)?.model).toBe(model);
    expect(read(undefined, `/model/${segment}/converse`)?.model).toBe(model);
  });

  it("says its limit and tier; text that looks like an image is still text", () => {
    const body = { ...ASK, inferenceConfig: { maxTokens: 77 }, serviceTier: { type: "flex" } };
    expect(read(body, "/model/a.b/converse")).toMatchObject({
      maxOutputTokens: 77,
      serviceTier: "flex",
      streaming: false,
      unboundable: undefined,
    });
  });

  it.each(["image", "document", "video"])("with a %s cannot be bounded", (kind) => {
    const body = { messages: [{ role: "user", content: [{ [kind]: { format: "x" } }] }] };
    expect(read(body, "/model/a.b/converse")?.unboundable).toContain(kind);
  });

  it("of an app's own to /converse is left alone", () => {
    expect(matchCall("POST", "https://example.org/converse")).toBeUndefined();
    expect(matchCall("POST", "https://example.org/model/converse")).toBeUndefined();
    expect(read({ text: "hello" }, "/model/7/converse")).toBeUndefined();
  });

  it("to the other region's hosts is Bedrock's too, whatever the host", () => {
    const call = matchCall(
      "POST",
      "http://localhost:4566/model/amazon.nova-lite-v1%3A0/converse-stream",
    );
    expect(call).toMatchObject({ provider: "aws.bedrock", api: { id: "bedrock.converse_stream" } });
  });
});

describe("an answer", () => {
  const ANSWER = {
    output: {
      message: {
        content: [
          { reasoningContent: { reasoningText: { text: "hm" } } },
          { text: "Hi" },
          { toolUse: { name: "weather", input: { a: 1 } } },
          { toolUse: { name: "nova_grounding", type: "server_tool_use", input: {} } },
        ],
      },
    },
    stopReason: "tool_use",
    usage: {
      ...USAGE,
      cacheDetails: [
        { ttl: "1h", inputTokens: 4 },
        { ttl: "5m", inputTokens: 2 },
      ],
    },
  };

  it("counts what the cache served and took as input", () => {
    expect(converse.readJson(ANSWER)).toMatchObject({
      usage: {
        inputTokens: 32,
        outputTokens: 9,
        cacheReadTokens: 20,
        cacheWriteTokens: 6,
        cacheWrite1hTokens: 4,
      },
      finishReasons: ["tool_use"],
      toolCalls: ["weather"],
      outputChars: 13,
      complete: true,
      problems: [],
    });
  });

  it("of a prompt router names the model that answered", () => {
    const invokedModelId = "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-pro-v1:0";
    const facts = converse.readJson({ ...ANSWER, trace: { promptRouter: { invokedModelId } } });
    expect(facts.model).toBe("us.amazon.nova-pro-v1:0");
  });

  it.each([undefined, null, "x", [], {}, { output: 7, usage: "many" }])(
    "%j has no usage",
    (value) => {
      const facts = converse.readJson(value);
      expect(facts.usage).toBeUndefined();
      expect(facts.problems).not.toEqual([]);
    },
  );
});

describe("a stream", () => {
  it("is told by its content type", () => {
    expect(converseStream.isStream?.("application/vnd.amazon.eventstream")).toBe(true);
    expect(converseStream.isStream?.("application/json")).toBe(false);
  });

  it("says usage, reason and tools", () => {
    expect(readStream(converseStream, STREAM)).toMatchObject({
      usage: { inputTokens: 32, outputTokens: 9, cacheReadTokens: 20, cacheWriteTokens: 6 },
      finishReasons: ["tool_use"],
      toolCalls: ["weather"],
      outputChars: 14,
      complete: true,
      problems: [],
    });
  });

  it("is read alike however it is cut", () => {
    const whole = readStream(converseStream, STREAM);
    const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (at) => {
        expect(readStream(converseStream, STREAM, at)).toEqual(whole);
      }),
    );
  });

  it("that is cut is not complete, and knows what came before", () => {
    const facts = readStream(converseStream, STREAM.subarray(0, STREAM.length - 9));
    expect(facts).toMatchObject({ complete: false, usage: undefined, finishReasons: ["tool_use"] });
    expect(facts.problems).toEqual(["the stream ends inside an event"]);
  });

  it("may be asked before it has ended", () => {
    const reader = converseStream.createStreamReader();
    const half = STREAM.length - 20;
    reader.write(STREAM.subarray(0, half));
    expect(reader.end().usage).toBeUndefined();
    reader.write(STREAM.subarray(half));
    expect(reader.end()).toMatchObject({ complete: true, problems: [] });
  });

  it("that breaks off is an error of the server's own type", () => {
    const broken = joinBytes([...EVENTS.slice(0, 2), exception("throttlingException", "slow")]);
    expect(readStream(converseStream, broken)).toMatchObject({
      errorType: "throttlingException",
      complete: false,
      outputChars: 5,
    });
  });

  it("longer than a block is read whole", () => {
    const text = "x".repeat(1_000);
    const delta = event("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });
    const long = joinBytes([...Array.from({ length: 300 }, () => delta), ...EVENTS.slice(6)]);
    const cuts = Array.from({ length: 400 }, (_, index) => index * 997);
    expect(readStream(converseStream, long, cuts)).toMatchObject({
      outputChars: 300_000,
      complete: true,
    });
  });

  it("of any bytes never throws, and nonsense is called so", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readStream(converseStream, bytes, [7, 20]);
        readStream(converseStream, joinBytes([assemble(bytes, bytes), STREAM]));
      }),
    );
    expect(readStream(converseStream, 'data: {"usage":{}}\n\n').problems).toEqual([
      "the answer is not an AWS event stream",
    ]);
  });
});
