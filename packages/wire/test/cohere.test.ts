import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import {
  COHERE_LINES,
  COHERE_STREAM,
  cohereChat,
  cohereChatV1,
  cohereEmbed,
  cohereGenerate,
  cohereRerank,
  reading,
} from "./provider-samples.ts";
import { dataEvents, readStream } from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);
const units = { input_tokens: 5, output_tokens: 7 };

describe("Cohere's chat", () => {
  it("is met on any host, its first version too", () => {
    expect(matchCall("POST", "http://localhost:1/v2/chat")).toMatchObject({ provider: "cohere" });
    expect(matchCall("POST", "https://api.cohere.ai/v1/chat")?.api.id).toBe("cohere.chat_v1");
  });

  it("reads requests of both versions, and only those", () => {
    const v2 = { model: "command-a", messages: [], max_tokens: 3, stream: true };
    expect(cohereChat.readRequest(json(v2))).toMatchObject({
      model: "command-a",
      streaming: true,
      maxOutputTokens: 3,
      unboundable: undefined,
    });
    const v1 = { message: "Hi", connectors: [{ id: "web-search" }] };
    expect(cohereChatV1.readRequest(json(v1))).toMatchObject({
      model: undefined,
      unboundable: "the provider runs a tool itself: connectors",
    });
    expect(cohereChat.readRequest(json(v1))).toBeUndefined();
    expect(cohereChatV1.readRequest(json(v2))).toBeUndefined();
    expect(
      cohereGenerate.readRequest(json({ prompt: "Hi", num_generations: 2, max_tokens: 4 })),
    ).toMatchObject({ choices: 2, maxOutputTokens: 4 });
  });

  it("takes what is billed, not what the model read", () => {
    expect(readStream(cohereChat, COHERE_STREAM)).toMatchObject({
      id: "c-1",
      model: undefined,
      usage: { inputTokens: 30, outputTokens: 14 },
      finishReasons: ["TOOL_CALL"],
      toolCalls: ["search"],
      outputChars: 'I will look{"q": "ř"}Hm — 見\n'.length,
      complete: true,
      problems: [],
    });
  });

  it("falls back to tokens where nothing is billed", () => {
    const answer = { id: "c", message: { content: [] }, usage: { tokens: units } };
    expect(cohereChat.readJson(answer).usage).toEqual({ inputTokens: 5, outputTokens: 7 });
    const searched = { ...answer, usage: { billed_units: { search_units: 1 } } };
    expect(cohereChat.readJson(searched).usage).toBeUndefined();
  });

  it("reads a whole answer", () => {
    const answer = {
      id: "c-2",
      message: {
        content: [
          { type: "thinking", thinking: "Hm" },
          { type: "text", text: "Yes" },
        ],
        tool_calls: [{ function: { name: "a", arguments: "{}" } }, { function: { name: "b" } }],
      },
      finish_reason: "COMPLETE",
      usage: { billed_units: units },
    };
    expect(cohereChat.readJson(answer)).toMatchObject({
      usage: { inputTokens: 5, outputTokens: 7 },
      toolCalls: ["a", "b"],
      finishReasons: ["COMPLETE"],
      outputChars: 7,
      problems: [],
    });
  });

  it("tells an error from a message", () => {
    expect(cohereChat.readJson({ message: "no such model" })).toMatchObject({
      errorType: "error",
      problems: [],
    });
    expect(cohereChat.readJson({}).problems).toHaveLength(1);
  });
});

describe("Cohere's first version", () => {
  const expected = {
    id: "g-1",
    usage: { inputTokens: 7, outputTokens: 12 },
    finishReasons: ["COMPLETE"],
    toolCalls: ["search"],
    outputChars: 'Newton {née} "1643"\n'.length,
    complete: true,
    problems: [],
  };

  it("streams lines, or events when it is asked to", () => {
    const events = COHERE_LINES.trim().split("\n");
    const lines = reading(cohereChatV1, "application/stream+json");
    expect(readStream(lines, COHERE_LINES)).toMatchObject(expected);
    const sse = reading(cohereChatV1, "text/event-stream");
    expect(readStream(sse, dataEvents(...events))).toMatchObject(expected);
    for (const type of ["application/stream+json", "text/event-stream; charset=utf-8"]) {
      expect(cohereChatV1.isStream?.(type)).toBe(true);
    }
    expect(cohereChatV1.isStream?.("application/json")).toBe(false);
  });

  it("says an end for each generation", () => {
    const answer = {
      id: "g",
      generations: [
        { text: "ab", finish_reason: "COMPLETE" },
        { text: "c", finish_reason: "MAX_TOKENS" },
      ],
      meta: { billed_units: units },
    };
    expect(cohereGenerate.readJson(answer)).toMatchObject({
      usage: { inputTokens: 5, outputTokens: 7 },
      finishReasons: ["COMPLETE", "MAX_TOKENS"],
      outputChars: 3,
      problems: [],
    });
  });
});

describe("Cohere's retrieval", () => {
  it("bills embeddings by tokens", () => {
    const answer = { id: "e", embeddings: {}, meta: { billed_units: { input_tokens: 10 } } };
    expect(cohereEmbed.readJson(answer).usage).toEqual({ inputTokens: 10, outputTokens: 0 });
    const request = cohereEmbed.readRequest(json({ model: "embed-v4.0", texts: ["a"] }));
    expect(request).toMatchObject({ model: "embed-v4.0", unboundable: undefined });
    const image = { model: "embed-v4.0", inputs: [{ content: [{ type: "image_url" }] }] };
    expect(cohereEmbed.readRequest(json(image))?.unboundable).toBeDefined();
  });

  it("bills rankings by searches, which are no tokens", () => {
    const answer = { id: "r", results: [], meta: { billed_units: { search_units: 1 } } };
    expect(cohereRerank.readJson(answer)).toMatchObject({
      usage: { inputTokens: undefined, outputTokens: undefined, searchUnits: 1 },
      complete: true,
    });
    const request = cohereRerank.readRequest(json({ model: "m", query: "q", documents: ["d"] }));
    expect(request).toMatchObject({ model: "m", maxOutputTokens: 0 });
    expect(request?.unboundable).toBeDefined();
  });
});
