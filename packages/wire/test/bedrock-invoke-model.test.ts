import { describe, expect, it } from "vitest";
import { matchCall, type AnswerSource } from "../src/index.ts";
import { chunk, event, exception, joinBytes } from "./event-stream-samples.ts";
import { apiAt, readStream } from "./wire-samples.ts";

const RUNTIME = "https://bedrock-runtime.us-east-1.amazonaws.com/model";
const invoke = apiAt(`${RUNTIME}/meta.llama3-8b-instruct-v1%3A0/invoke`);
const invokeStream = apiAt(`${RUNTIME}/meta.llama3-8b-instruct-v1%3A0/invoke-with-response-stream`);
const embed = apiAt(`${RUNTIME}/amazon.titan-embed-text-v2%3A0/invoke`);

const withHeaders = (headers: Readonly<Record<string, string>>): AnswerSource => ({
  provider: "aws.bedrock",
  header: (name) => headers[name],
});
const COUNTED = withHeaders({
  "x-amzn-bedrock-input-token-count": "30",
  "x-amzn-bedrock-output-token-count": "51",
  "x-amzn-bedrock-cache-read-input-token-count": "7",
});
const METRICS = {
  "amazon-bedrock-invocationMetrics": { inputTokenCount: 11, outputTokenCount: 4 },
};

describe("an answer in the shape of its maker", () => {
  it.each([
    [
      "Anthropic",
      {
        type: "message",
        model: "claude-x",
        content: [{ type: "tool_use", name: "f", input: {} }],
        stop_reason: "tool_use",
        usage: { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 4 },
      },
      { usage: { inputTokens: 5, outputTokens: 2 }, finishReasons: ["tool_use"], toolCalls: ["f"] },
    ],
    [
      "Nova",
      {
        output: { message: { content: [{ text: "abc" }] } },
        stopReason: "end_turn",
        usage: { inputTokens: 3, outputTokens: 2, cacheReadInputTokenCount: 10 },
      },
      { usage: { inputTokens: 13, outputTokens: 2 }, finishReasons: ["end_turn"], outputChars: 3 },
    ],
    [
      "Titan",
      {
        inputTextTokenCount: 8,
        results: [{ tokenCount: 15, outputText: "abcd", completionReason: "FINISH" }],
      },
      { usage: { inputTokens: 8, outputTokens: 15 }, finishReasons: ["FINISH"], outputChars: 4 },
    ],
    [
      "Llama",
      { generation: "ab", prompt_token_count: 9, generation_token_count: 26, stop_reason: "stop" },
      { usage: { inputTokens: 9, outputTokens: 26 }, finishReasons: ["stop"] },
    ],
    [
      "Jamba",
      {
        choices: [{ index: 0, message: { content: "a" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 4, completion_tokens: 5 },
      },
      { usage: { inputTokens: 4, outputTokens: 5 }, finishReasons: ["stop"] },
    ],
    [
      "Jurassic",
      {
        prompt: { tokens: [1, 2] },
        completions: [{ data: { text: "a", tokens: [1, 2, 3] }, finishReason: { reason: "end" } }],
      },
      { usage: { inputTokens: 2, outputTokens: 3 }, finishReasons: ["end"] },
    ],
  ])("%s's is read as that", (_, body, facts) => {
    expect(invoke.readJson(body, withHeaders({}))).toMatchObject({ ...facts, complete: true });
  });

  it.each([
    ["Mistral", { outputs: [{ text: "a", stop_reason: "stop" }] }, ["stop"]],
    [
      "Mistral chat",
      { choices: [{ message: { content: "a" }, stop_reason: "length" }] },
      ["length"],
    ],
    ["Cohere", { generations: [{ text: "a", finish_reason: "COMPLETE" }] }, ["COMPLETE"]],
    ["Command R", { text: "a", finish_reason: "COMPLETE", tool_calls: [] }, ["COMPLETE"]],
    ["Claude 2", { completion: "a", stop_reason: "stop_sequence" }, ["stop_sequence"]],
  ])("%s's has no counts; Bedrock's headers do", (_, body, finishReasons) => {
    expect(invoke.readJson(body)).toMatchObject({ usage: undefined, finishReasons });
    expect(invoke.readJson(body, COUNTED)).toMatchObject({
      usage: { inputTokens: 37, outputTokens: 51, cacheReadTokens: 7 },
      finishReasons,
    });
  });

  it("that a guardrail rewrote gets its lost count from the header", () => {
    const body = {
      output: { message: { content: [{ text: "{NAME}" }] } },
      usage: { inputTokens: 30 },
      "amazon-bedrock-guardrailAction": "INTERVENED",
    };
    expect(invoke.readJson(body, COUNTED).usage).toMatchObject({
      inputTokens: 30,
      outputTokens: 51,
    });
  });

  it("a header that is no count is as if it were not there", () => {
    const headers = {
      "x-amzn-bedrock-input-token-count": "many",
      "x-amzn-bedrock-output-token-count": "-1",
    };
    expect(invoke.readJson({ completion: "a" }, withHeaders(headers)).usage).toBeUndefined();
  });

  it("embeddings have no output", () => {
    expect(embed.operation).toBe("embeddings");
    expect(embed.readJson({ embedding: [0.1], inputTextTokenCount: 5 }).usage).toMatchObject({
      inputTokens: 5,
      outputTokens: 0,
    });
  });
});

describe("a request in the shape of the model's maker", () => {
  it.each([
    [{ prompt: "a", max_tokens_to_sample: 300 }, 300],
    [{ prompt: "a", max_gen_len: 128 }, 128],
    [{ prompt: "a", maxTokens: 200, numResults: 2 }, 200],
    [{ messages: [], max_tokens: 50 }, 50],
    [{ messages: [], inferenceConfig: { max_new_tokens: 16 } }, 16],
    [{ inputText: "a", textGenerationConfig: { maxTokenCount: 4096 } }, 4096],
    [{ inputText: "a" }, undefined],
  ])("%j asks for at most %s", (body, maxOutputTokens) => {
    const path = "/model/meta.llama3-8b-instruct-v1%3A0/invoke";
    expect(invoke.readRequest(JSON.stringify(body), path)).toMatchObject({
      model: "meta.llama3-8b-instruct-v1:0",
      maxOutputTokens,
      streaming: false,
      unboundable: undefined,
    });
  });

  it("that makes or shows pictures cannot be bounded", () => {
    const path = "/model/amazon.nova-canvas-v1%3A0/invoke";
    const body = JSON.stringify({ taskType: "TEXT_IMAGE" });
    expect(invoke.readRequest(body, path)?.unboundable).toBeDefined();
  });

  it("is none when neither model nor body are", () => {
    expect(invoke.readRequest('{"x":1}', "/model/7/invoke")).toBeUndefined();
    expect(invoke.readRequest("nonsense", "/model/a.b/invoke")).toBeUndefined();
    expect(invoke.readRequest('{"prompt":"a"}', "/model/7/invoke")).toBeDefined();
  });
});

describe("a stream in the shape of its maker", () => {
  it.each([
    [
      "Anthropic",
      [
        {
          type: "message_start",
          message: { model: "claude-x", usage: { input_tokens: 10, output_tokens: 1 } },
        },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Grüße" } },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } },
        { type: "message_stop", ...METRICS },
      ],
      {
        model: "claude-x",
        usage: { inputTokens: 10, outputTokens: 9 },
        finishReasons: ["end_turn"],
        outputChars: 5,
      },
    ],
    [
      "Nova",
      [
        { messageStart: { role: "assistant" } },
        { contentBlockDelta: { delta: { text: "abc" }, contentBlockIndex: 0 } },
        { messageStop: { stopReason: "end_turn" } },
        {
          metadata: { usage: { inputTokens: 6, outputTokens: 3, cacheReadInputTokenCount: 2 } },
          ...METRICS,
        },
      ],
      { usage: { inputTokens: 8, outputTokens: 3 }, finishReasons: ["end_turn"], outputChars: 3 },
    ],
    [
      "Llama",
      [
        { generation: "ab", prompt_token_count: 21, generation_token_count: 1, stop_reason: null },
        {
          generation: "cd",
          prompt_token_count: null,
          generation_token_count: 2,
          stop_reason: "stop",
          ...METRICS,
        },
      ],
      { usage: { inputTokens: 21, outputTokens: 2 }, finishReasons: ["stop"], outputChars: 4 },
    ],
    [
      "Mistral",
      [
        { outputs: [{ text: "ab", stop_reason: null }] },
        { outputs: [{ text: "", stop_reason: "stop" }], ...METRICS },
      ],
      { usage: { inputTokens: 11, outputTokens: 4 }, finishReasons: ["stop"], outputChars: 2 },
    ],
    [
      "Jamba",
      [
        { choices: [{ index: 0, delta: { content: "ab" } }] },
        {
          choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
          usage: { prompt_tokens: 5, completion_tokens: 6 },
          ...METRICS,
        },
      ],
      { usage: { inputTokens: 5, outputTokens: 6 }, finishReasons: ["stop"], outputChars: 2 },
    ],
  ])("%s's is read as that", (_, events, facts) => {
    const body = joinBytes(events.map(chunk));
    const read = readStream(invokeStream, body);
    expect(read).toMatchObject({ ...facts, complete: true, problems: [] });
    const cuts = Array.from({ length: 30 }, (__, index) => index * 37);
    expect(readStream(invokeStream, body, cuts)).toEqual(read);
  });

  it("that breaks off is an error, with what was seen", () => {
    const events = [chunk({ generation: "ab" }), exception("modelStreamErrorException", "x")];
    expect(readStream(invokeStream, joinBytes(events))).toMatchObject({
      errorType: "modelStreamErrorException",
      outputChars: 2,
      complete: false,
    });
  });

  it("with chunks that are none says so", () => {
    const events = [event("chunk", { bytes: "*" }), event("chunk", {}), event("other", {})];
    expect(readStream(invokeStream, joinBytes(events)).problems).toEqual(["a chunk has no bytes"]);
  });
});

describe("Bedrock's hosts", () => {
  it.each([
    "bedrock-runtime.us-east-1.amazonaws.com",
    "bedrock-agent-runtime.eu-central-1.amazonaws.com",
    "bedrock-runtime-fips.us-gov-west-1.amazonaws.com",
    "bedrock-runtime.cn-north-1.amazonaws.com.cn",
    "vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com",
    "bedrock-mantle.us-east-1.api.aws",
  ])("%s is one", (host) => {
    expect(matchCall("POST", `https://${host}/rerank`)?.provider).toBe("aws.bedrock");
  });

  it.each(["my-lb.us-east-1.elb.amazonaws.com", "bedrock.example.org", "xamazonaws.com"])(
    "%s is none",
    (host) => {
      expect(matchCall("POST", `https://${host}/rerank`)?.provider).not.toBe("aws.bedrock");
    },
  );

  it("rerank too, in words of its own", () => {
    const call = matchCall("POST", "https://bedrock-agent-runtime.us-east-1.amazonaws.com/rerank");
    const body = '{"queries":[],"sources":[],"rerankingConfiguration":{}}';
    expect(call?.api.readRequest(body)).toMatchObject({ streaming: false });
    expect(call?.api.readJson({ results: [] })).toMatchObject({ usage: undefined, problems: [] });
  });
});
