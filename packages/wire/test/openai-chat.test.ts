import { describe, expect, it } from "vitest";
import {
  CHAT_STREAM,
  CHAT_USAGE_CHUNK,
  chat,
  chatChunk,
  dataEvents,
  readStream,
} from "./wire-samples.ts";

const ANSWER = {
  id: "chatcmpl-9",
  model: "gpt-4.1-2025-04-14",
  service_tier: "default",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 12, completion_tokens: 2, total_tokens: 14 },
};

const counted = (tokens: number): object => ({
  ...chatChunk({ content: "x" }),
  usage: { prompt_tokens: 5, completion_tokens: tokens },
});
const call = (index: number, id: string, name: string): object =>
  chatChunk({ tool_calls: [{ index, id, function: { name, arguments: "{}" } }] });

describe("a chat completion", () => {
  it("says its model, id, tier, end and usage", () => {
    expect(chat.readJson(ANSWER)).toMatchObject({
      model: "gpt-4.1-2025-04-14",
      id: "chatcmpl-9",
      serviceTier: "default",
      finishReasons: ["stop"],
      usage: { inputTokens: 12, outputTokens: 2 },
      outputChars: 5,
      complete: true,
      errorType: undefined,
      problems: [],
    });
  });

  it("leaves undefined what the provider does not count, and keeps its zeros", () => {
    const usage = chat.readJson({
      ...ANSWER,
      usage: { ...ANSWER.usage, prompt_tokens_details: { cached_tokens: 0 } },
    }).usage;
    expect(usage?.cacheReadTokens).toBe(0);
    expect(usage?.reasoningTokens).toBeUndefined();
    expect(usage?.cacheWriteTokens).toBeUndefined();
  });

  it("reads every detail as a part of input or output", () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 500,
      prompt_tokens_details: {
        cached_tokens: 600,
        cache_write_tokens: 100,
        audio_tokens: 7,
        image_tokens: 5,
      },
      completion_tokens_details: { reasoning_tokens: 400, audio_tokens: 3, image_tokens: 2 },
    };
    expect(chat.readJson({ ...ANSWER, usage }).usage).toEqual({
      inputTokens: 1000,
      outputTokens: 500,
      cacheReadTokens: 600,
      cacheWriteTokens: 100,
      reasoningTokens: 400,
      audioInputTokens: 7,
      audioOutputTokens: 3,
      imageInputTokens: 5,
      imageOutputTokens: 2,
    });
  });

  it.each([{ prompt_cache_hit_tokens: 6 }, { cached_tokens: 6 }])(
    "knows the relatives' name for cached tokens: %o",
    (cached) => {
      const { usage } = chat.readJson({ ...ANSWER, usage: { ...ANSWER.usage, ...cached } });
      expect(usage?.cacheReadTokens).toBe(6);
    },
  );

  it("gives one finish reason per choice, by the choice's index", () => {
    const choices = [
      { index: 1, message: { content: "b" }, finish_reason: "length" },
      { index: 0, message: { content: "a" }, finish_reason: "stop" },
    ];
    expect(chat.readJson({ ...ANSWER, choices }).finishReasons).toEqual(["stop", "length"]);
  });

  it("names functions, custom tools and the legacy function call in order, repeats kept", () => {
    const message = {
      content: null,
      tool_calls: [
        { id: "1", type: "function", function: { name: "find", arguments: "{}" } },
        { id: "2", type: "custom", custom: { name: "run_sql", input: "select 1" } },
        { id: "3", type: "function", function: { name: "find", arguments: "{}" } },
      ],
    };
    const legacy = { content: null, function_call: { name: "old", arguments: "{}" } };
    const facts = chat.readJson({
      ...ANSWER,
      choices: [{ message, finish_reason: "tool_calls" }, { message: legacy }],
    });
    expect(facts.toolCalls).toEqual(["find", "run_sql", "find", "old"]);
    expect(facts.outputChars).toBe("{}".length * 3 + "select 1".length);
  });

  it("is an error when the body is one, named by its code", () => {
    const error = { message: "No", type: "invalid_request_error", code: "model_not_found" };
    expect(chat.readJson({ error })).toMatchObject({
      errorType: "model_not_found",
      usage: undefined,
      model: undefined,
      complete: true,
      problems: [],
    });
    expect(chat.readJson({ error: { ...error, code: null } }).errorType).toBe(
      "invalid_request_error",
    );
    expect(chat.readJson({ error: { message: "No", code: 502 } }).errorType).toBe("502");
    expect(chat.readJson({ error: "out of memory" }).errorType).toBe("error");
  });

  it("is not complete when it is no JSON object", () => {
    for (const body of [undefined, null, "<html>", 7, [], true]) {
      expect(chat.readJson(body)).toMatchObject({
        complete: false,
        usage: undefined,
        problems: ["the answer is not a JSON object"],
      });
    }
  });

  it("notes a JSON object that is something else", () => {
    expect(chat.readJson({ message: "not found" }).problems).toEqual([
      "the answer has neither choices nor an error",
    ]);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "12", 1_000_000_001, true, {}])(
    "takes %o for a count that was not said, and notes it",
    (count) => {
      const facts = chat.readJson({
        ...ANSWER,
        usage: { prompt_tokens: count, completion_tokens: 2 },
      });
      expect(facts.usage).toMatchObject({ inputTokens: undefined, outputTokens: 2 });
      expect(facts.problems).toHaveLength(1);
      expect(facts.problems[0]).toContain("prompt_tokens is not a count");
    },
  );

  it("has no usage when no count can be used", () => {
    for (const usage of [null, {}, [], { prompt_tokens: -1 }, { total_tokens: 5 }]) {
      expect(chat.readJson({ ...ANSWER, usage }).usage).toBeUndefined();
    }
  });

  it("does not take a text of unreasonable length for a name", () => {
    expect(chat.readJson({ ...ANSWER, model: "x".repeat(300) }).model).toBeUndefined();
  });
});

describe("a streamed chat completion", () => {
  it("takes usage from the final chunk, which has no choices", () => {
    expect(readStream(chat, CHAT_STREAM)).toEqual({
      model: "gpt-4o-mini-2024-07-18",
      id: "chatcmpl-1",
      usage: {
        inputTokens: 21,
        outputTokens: 9,
        cacheReadTokens: 4,
        reasoningTokens: 3,
        audioInputTokens: 0,
        audioOutputTokens: 0,
      },
      additionalUsage: [],
      finishReasons: ["tool_calls"],
      toolCalls: ["look_up"],
      serviceTier: undefined,
      providerCostNanoUsd: undefined,
      errorType: undefined,
      complete: true,
      outputChars: 'Good morning, "Zoë" 🌞\nぎ{"q":"a"}'.length,
      problems: [],
    });
  });

  it("is complete without usage when it says so itself", () => {
    const facts = readStream(
      chat,
      dataEvents(chatChunk({ content: "Hi" }), chatChunk({}, "stop"), "[DONE]"),
    );
    expect(facts).toMatchObject({ complete: true, usage: undefined, outputChars: 2 });
  });

  it("is complete with every choice ended and usage, [DONE] or not", () => {
    const both = [chatChunk({ content: "a" }), chatChunk({ content: "b" }, null, 1)];
    const oneEnded = [...both, chatChunk({}, "stop")];
    const allEnded = [...oneEnded, chatChunk({}, "length", 1)];
    expect(readStream(chat, dataEvents(...oneEnded, CHAT_USAGE_CHUNK)).complete).toBe(false);
    expect(readStream(chat, dataEvents(...allEnded)).complete).toBe(false);
    const facts = readStream(chat, dataEvents(...allEnded, CHAT_USAGE_CHUNK));
    expect(facts).toMatchObject({ complete: true, finishReasons: ["stop", "length"] });
  });

  it("takes the last usage of several: they are running totals", () => {
    const facts = readStream(chat, dataEvents(counted(1), counted(2), counted(3), "[DONE]"));
    expect(facts.usage).toMatchObject({ inputTokens: 5, outputTokens: 3 });
    expect(facts.outputChars).toBe(3);
  });

  it("counts usage said twice in one chunk once", () => {
    const usage = { prompt_tokens: 5, completion_tokens: 6 };
    const facts = readStream(
      chat,
      dataEvents({ ...chatChunk({}, "stop"), usage, x_groq: { usage } }, "[DONE]"),
    );
    expect(facts.usage).toMatchObject({ inputTokens: 5, outputTokens: 6 });
    const onlyGroq = dataEvents({ choices: [], x_groq: { usage } }, "[DONE]");
    expect(readStream(chat, onlyGroq).usage).toMatchObject({ inputTokens: 5, outputTokens: 6 });
  });

  it("names parallel calls apart, and a call whose name is repeated once", () => {
    const parallel = dataEvents(call(0, "a", "f"), call(1, "b", "f"), call(1, "b", "f"));
    expect(readStream(chat, parallel).toolCalls).toEqual(["f", "f"]);
    const sameIndex = dataEvents(call(0, "a", "f"), call(0, "b", "f"), call(0, "c", "f"));
    expect(readStream(chat, sameIndex).toolCalls).toEqual(["f", "f", "f"]);
  });

  it("reads the legacy function call", () => {
    const stream = dataEvents(
      chatChunk({ function_call: { name: "weather", arguments: "" } }),
      chatChunk({ function_call: { arguments: "{}" } }),
      chatChunk({}, "function_call"),
      "[DONE]",
    );
    expect(readStream(chat, stream)).toMatchObject({ toolCalls: ["weather"], outputChars: 2 });
  });

  it("is an error from the moment the provider sends one", () => {
    const stream = dataEvents(chatChunk({ content: "Half" }), {
      error: { message: "overloaded", type: "server_error", code: null },
    });
    expect(readStream(chat, stream)).toMatchObject({
      errorType: "server_error",
      complete: false,
      outputChars: 4,
    });
  });

  it("counts reasoning that two vendor fields repeat once", () => {
    const delta = { reasoning: "hm", reasoning_content: "hm" };
    expect(readStream(chat, dataEvents(chatChunk(delta), chatChunk(delta))).outputChars).toBe(4);
  });

  it("finds what matters between thousands of chunks that look alike", () => {
    const texts = Array.from({ length: 5000 }, (_, index) => ` word${index}\n"é"`);
    const stream = dataEvents(
      ...texts.map((content) => chatChunk({ content })),
      { ...chatChunk({ content: "!" }), service_tier: "flex" },
      ...texts.map((content) => chatChunk({ content })),
      chatChunk({ content: "end" }, "length"),
      CHAT_USAGE_CHUNK,
      "[DONE]",
    );
    expect(readStream(chat, stream)).toMatchObject({
      finishReasons: ["length"],
      serviceTier: "flex",
      outputChars: 2 * texts.join("").length + 4,
      usage: { outputTokens: 9 },
      complete: true,
      problems: [],
    });
  });
});
