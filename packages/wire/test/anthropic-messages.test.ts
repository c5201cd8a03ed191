import type { ResponseFacts } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import {
  MESSAGES_STREAM,
  messages,
  namedEvents,
  readStream,
  type NamedEvent,
} from "./wire-samples.ts";

const ANSWER = {
  id: "msg_9",
  type: "message",
  model: "claude-sonnet-4-5",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 10, output_tokens: 4, service_tier: "priority" },
};
const pass = (type: string, input: number, output: number, model?: string): object => ({
  type,
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: 1,
  cache_creation_input_tokens: 0,
  ...(model === undefined ? {} : { model }),
});

const start = {
  type: "message_start",
  message: {
    id: "msg_2",
    model: "claude-opus-4-6",
    content: [],
    stop_reason: null,
    usage: { input_tokens: 17, cache_read_input_tokens: 5, output_tokens: 1 },
  },
};
const stop = { type: "message_stop" };
const delta = (usage: object): NamedEvent => ({
  type: "message_delta",
  delta: { stop_reason: "end_turn" },
  usage,
});

const said = (more: object): ResponseFacts =>
  messages.readJson({ ...ANSWER, usage: { ...ANSWER.usage, ...more } });

describe("a message", () => {
  it("says its model, id, tier, end and usage", () => {
    expect(messages.readJson(ANSWER)).toMatchObject({
      model: "claude-sonnet-4-5",
      id: "msg_9",
      serviceTier: "priority",
      finishReasons: ["end_turn"],
      usage: { inputTokens: 10, outputTokens: 4 },
      outputChars: 5,
      complete: true,
      problems: [],
    });
  });

  it("says its speed, and its place where it was kept in one", () => {
    expect(said({ speed: "fast", inference_geo: "us" })).toMatchObject({
      speed: "fast",
      region: "us",
    });
    expect(said({ inference_geo: "not_available" }).region).toBeUndefined();
    expect(said({ speed: null, inference_geo: null })).toMatchObject({
      speed: undefined,
      region: undefined,
    });
  });

  it("adds cache reads and writes to the input, which the wire leaves out", () => {
    const usage = {
      input_tokens: 3,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 200,
      cache_creation: { ephemeral_5m_input_tokens: 50, ephemeral_1h_input_tokens: 150 },
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 5 },
      server_tool_use: { web_search_requests: 2 },
    };
    expect(messages.readJson({ ...ANSWER, usage }).usage).toEqual({
      inputTokens: 1203,
      outputTokens: 9,
      cacheReadTokens: 1000,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 150,
      reasoningTokens: 5,
      webSearchRequests: 2,
    });
  });

  it("adds up the split of cache writes where the total is missing", () => {
    const split = { ephemeral_5m_input_tokens: 50, ephemeral_1h_input_tokens: 150 };
    const usage = { input_tokens: 3, output_tokens: 9, cache_creation: split };
    expect(messages.readJson({ ...ANSWER, usage }).usage).toMatchObject({
      inputTokens: 203,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 150,
    });
  });

  it("names the tools that the app is to run, not those the provider ran", () => {
    const content = [
      { type: "server_tool_use", name: "web_search", input: {} },
      { type: "tool_use", name: "weather", input: { city: "Oslo" } },
      { type: "mcp_tool_use", name: "remote", input: {} },
      { type: "tool_use", name: "weather", input: {} },
    ];
    expect(messages.readJson({ ...ANSWER, content }).toolCalls).toEqual(["weather", "weather"]);
  });

  it("adds the compaction pass, which is billed but not in the top-level counts", () => {
    const usage = {
      input_tokens: 100,
      cache_read_input_tokens: 1,
      output_tokens: 20,
      iterations: [pass("compaction", 5000, 300), pass("message", 100, 20)],
    };
    const facts = messages.readJson({ ...ANSWER, usage });
    expect(facts.usage).toMatchObject({ inputTokens: 5102, outputTokens: 320, cacheReadTokens: 2 });
    expect(facts.additionalUsage).toEqual([]);
  });

  it("keeps an adviser's tokens apart, under the adviser's model", () => {
    const usage = {
      input_tokens: 300,
      output_tokens: 50,
      iterations: [
        pass("message", 100, 20),
        pass("advisor_message", 700, 80, "claude-opus-4-7"),
        pass("message", 200, 30),
      ],
    };
    const facts = messages.readJson({ ...ANSWER, usage });
    expect(facts.usage).toMatchObject({ inputTokens: 300, outputTokens: 50 });
    expect(facts.additionalUsage).toMatchObject([
      { model: "claude-opus-4-7", usage: { inputTokens: 701, outputTokens: 80 } },
    ]);
  });

  it("keeps a refused attempt apart from the fallback that answered", () => {
    const usage = {
      input_tokens: 412,
      output_tokens: 264,
      iterations: [pass("message", 408, 0, "first"), pass("fallback_message", 412, 264, "second")],
    };
    const facts = messages.readJson({ ...ANSWER, usage });
    expect(facts.usage).toMatchObject({ inputTokens: 412, outputTokens: 264 });
    expect(facts.additionalUsage).toMatchObject([
      { model: "first", usage: { inputTokens: 409, outputTokens: 0 } },
    ]);
  });

  it("is an error when the body is one", () => {
    const body = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(messages.readJson(body)).toMatchObject({
      errorType: "overloaded_error",
      usage: undefined,
      complete: true,
      problems: [],
    });
  });

  it("takes nonsense counts as not said, and notes them", () => {
    const usage = { input_tokens: 10, cache_read_input_tokens: -4, output_tokens: "9" };
    const facts = messages.readJson({ ...ANSWER, usage });
    expect(facts.usage).toMatchObject({
      inputTokens: 10,
      cacheReadTokens: undefined,
      outputTokens: undefined,
    });
    expect(facts.problems).toHaveLength(2);
  });
});

describe("a streamed message", () => {
  it("takes input from its start and output from its end", () => {
    expect(readStream(messages, MESSAGES_STREAM)).toMatchObject({
      model: "claude-haiku-4-5",
      id: "msg_1",
      serviceTier: "standard",
      finishReasons: ["tool_use"],
      toolCalls: ["search"],
      usage: {
        inputTokens: 130,
        outputTokens: 57,
        cacheReadTokens: 100,
        cacheWriteTokens: 20,
        cacheWrite1hTokens: 12,
      },
      outputChars: `I'll look — 見る\n{"q": "x"}`.length,
      complete: true,
      problems: [],
    });
  });

  it("lets the end replace what the start said, input included", () => {
    const later = { input_tokens: 900, cache_read_input_tokens: 50, output_tokens: 30 };
    expect(readStream(messages, namedEvents(start, delta(later), stop)).usage).toMatchObject({
      inputTokens: 950,
      cacheReadTokens: 50,
      outputTokens: 30,
    });
  });

  it("keeps what the start said where the end is silent or null", () => {
    const later = { input_tokens: null, output_tokens: 30 };
    expect(readStream(messages, namedEvents(start, delta(later), stop)).usage).toMatchObject({
      inputTokens: 22,
      outputTokens: 30,
    });
  });

  it("never claims more one-hour writes than writes", () => {
    const created = { cache_creation: { ephemeral_1h_input_tokens: 80 } };
    const written = {
      ...start,
      message: { ...start.message, usage: { ...start.message.usage, ...created } },
    };
    const later = { cache_creation_input_tokens: 60, output_tokens: 30 };
    expect(readStream(messages, namedEvents(written, delta(later), stop)).usage).toMatchObject({
      cacheWriteTokens: 60,
      cacheWrite1hTokens: 60,
    });
  });

  it("does not add up a start that comes twice", () => {
    const stream = namedEvents(start, start, delta({ output_tokens: 227 }), stop);
    expect(readStream(messages, stream).usage).toMatchObject({
      inputTokens: 22,
      outputTokens: 227,
    });
  });

  it("does not take the placeholder of its start for the output of a stream left early", () => {
    const text = {
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: "Hey" },
    };
    expect(readStream(messages, namedEvents(start, text))).toMatchObject({
      usage: { inputTokens: 22, outputTokens: undefined },
      outputChars: 3,
      complete: false,
    });
  });

  it("is complete with its start when that already has the reason to stop", () => {
    const content = [{ type: "tool_use", name: "rollDie", input: {} }];
    const usage = { input_tokens: 0, output_tokens: 0 };
    const ended = {
      ...start,
      message: { ...start.message, content, stop_reason: "tool_use", usage },
    };
    expect(readStream(messages, namedEvents(ended))).toMatchObject({
      complete: true,
      finishReasons: ["tool_use"],
      toolCalls: ["rollDie"],
      usage: { inputTokens: 0, outputTokens: 0 },
    });
  });

  it("is billed at the fallback that wrote it, and named after the model it began with", () => {
    const block = {
      type: "content_block_start",
      index: 0,
      content_block: { type: "fallback", from: { model: "first" }, to: { model: "second" } },
    };
    const early = readStream(messages, namedEvents(start, block));
    expect(early).toMatchObject({ model: "claude-opus-4-6", billedModel: "second" });
    const iterations = [
      pass("message", 17, 0, "first"),
      pass("message", 20, 0, "second"),
      pass("fallback_message", 21, 30, "third"),
    ];
    const end = delta({ input_tokens: 21, output_tokens: 30, iterations });
    const whole = readStream(messages, namedEvents(start, block, end, stop));
    expect(whole).toMatchObject({ model: "claude-opus-4-6", billedModel: "third" });
    expect(whole.additionalUsage.map(({ model }) => model)).toEqual(["first", "second"]);
  });

  it("names no other model to bill where there was no fallback, or the answer names it", () => {
    expect(readStream(messages, MESSAGES_STREAM)).not.toHaveProperty("billedModel");
    const usage = { output_tokens: 1, iterations: [pass("fallback_message", 1, 1, ANSWER.model)] };
    expect(messages.readJson({ ...ANSWER, usage })).not.toHaveProperty("billedModel");
  });

  it("is an error after an error event", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(readStream(messages, namedEvents(start, error))).toMatchObject({
      errorType: "overloaded_error",
      complete: false,
    });
  });

  it("reads events that the server pads with spaces", () => {
    const padded = MESSAGES_STREAM.replaceAll(
      /\}\}\n/g,
      (end, offset: number) => `}${" ".repeat(offset % 7)}}${end.slice(2)}`,
    );
    expect(readStream(messages, padded)).toEqual(readStream(messages, MESSAGES_STREAM));
  });
});
