import { describe, expect, it } from "vitest";
import {
  gemini,
  GEMINI_PARTS,
  GEMINI_STREAM,
  geminiPart,
  geminiStream,
} from "./provider-samples.ts";
import { dataEvents, readStream } from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);
const PATH = "/v1beta/models/gemini-2.5-flash:generateContent";
const contents = [{ role: "user", parts: [{ text: "Hi" }] }];

describe("a request to generate", () => {
  it("says limits, candidates and tier; the path says model and stream", () => {
    const body = json({
      contents,
      generationConfig: { stopSequences: ["}"], maxOutputTokens: 64, candidateCount: 2 },
      serviceTier: "flex",
    });
    const facts = {
      model: "gemini-2.5-flash",
      streaming: false,
      maxOutputTokens: 64,
      choices: 2,
      bodyBytes: body.length,
      serviceTier: "flex",
      unboundable: undefined,
    };
    expect(gemini.readRequest(body, PATH)).toEqual(facts);
    const path = "/v1beta/models/gemini%2D2.5-flash:streamGenerateContent";
    expect(geminiStream.readRequest(body, path)).toEqual({ ...facts, streaming: true });
  });

  it("reads the other spelling too, and no limits where there are none", () => {
    const snake = { contents, generation_config: { max_output_tokens: 5, candidate_count: 3 } };
    expect(gemini.readRequest(json(snake), PATH)).toMatchObject({ maxOutputTokens: 5, choices: 3 });
    for (const generationConfig of [undefined, null, {}, [], "x", { maxOutputTokens: "64" }]) {
      const facts = gemini.readRequest(json({ contents, generationConfig }), PATH);
      expect(facts).toMatchObject({ maxOutputTokens: undefined, choices: 1 });
    }
  });

  it("is only one when it has contents", () => {
    for (const body of ["", "[]", "{}", json({ messages: [] }), json({ nested: { contents } })]) {
      expect(gemini.readRequest(body, PATH)).toBeUndefined();
    }
    expect(gemini.readRequest(undefined, PATH)).toMatchObject({
      model: "gemini-2.5-flash",
      unboundable: "the request body cannot be read",
    });
  });

  it.each([
    ["an image", { contents: [{ parts: [{ inlineData: { mimeType: "image/png", data: "" } }] }] }],
    ["a file", { contents: [{ parts: [{ file_data: { file_uri: "gs://x" } }] }] }],
    ["a search", { contents, tools: [{ functionDeclarations: [] }, { googleSearch: {} }] }],
    ["code", { contents, tools: { codeExecution: {} } }],
    ["a cache", { contents, cachedContent: "cachedContents/1" }],
  ])("is not bounded by its body with %s", (_what, body) => {
    expect(gemini.readRequest(json(body), PATH)?.unboundable).toMatch(/^the (provider|prompt) /);
  });

  it("is bounded with functions, and with words that look like parts", () => {
    const parts = [{ text: '{"inlineData": 1}' }, { text: "fileData" }];
    const tools = [{ functionDeclarations: [{ name: "f", parameters: { inlineData: {} } }] }];
    const facts = gemini.readRequest(json({ contents: [{ parts }], tools }), PATH);
    expect(facts).toMatchObject({ unboundable: undefined });
  });
});

const usageOf = (usage: object): unknown => gemini.readJson(geminiPart([], usage, "STOP")).usage;

const searched = (modelVersion: string): unknown => {
  const webSearchQueries = ["a", "b", "a"];
  const candidates = [{ finishReason: "STOP", groundingMetadata: { webSearchQueries } }];
  const usageMetadata = { promptTokenCount: 1 };
  return gemini.readJson({ candidates, usageMetadata, modelVersion }).usage?.webSearchRequests;
};

describe("an answer of Gemini", () => {
  it("says model, id, end, calls and usage in our convention", () => {
    const answer = geminiPart(
      [{ text: "Hi" }, { functionCall: { name: "f", args: {} } }, { functionCall: { name: "f" } }],
      {
        promptTokenCount: 100,
        toolUsePromptTokenCount: 20,
        candidatesTokenCount: 10,
        thoughtsTokenCount: 30,
        cachedContentTokenCount: 40,
        serviceTier: "standard",
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 50 },
          { modality: "AUDIO", tokenCount: 20 },
          { modality: "VIDEO", tokenCount: 30 },
        ],
        toolUsePromptTokensDetails: [{ modality: "IMAGE", tokenCount: 20 }],
        candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 9 }],
      },
      "STOP",
    );
    expect(gemini.readJson(answer)).toEqual({
      model: "gemini-2.5-pro",
      id: "r-1",
      serviceTier: "standard",
      finishReasons: ["STOP"],
      toolCalls: ["f", "f"],
      usage: {
        inputTokens: 120,
        outputTokens: 40,
        cacheReadTokens: 40,
        reasoningTokens: 30,
        toolUseInputTokens: 20,
        audioInputTokens: 20,
        imageInputTokens: 20,
        videoInputTokens: 30,
        audioOutputTokens: undefined,
        imageOutputTokens: 9,
      },
      additionalUsage: [],
      providerCostNanoUsd: undefined,
      errorType: undefined,
      complete: true,
      outputChars: 4,
      problems: [],
    });
  });

  it("takes Vertex AI's type of traffic for its tier", () => {
    const usageMetadata = { promptTokenCount: 1, trafficType: "ON_DEMAND_FLEX" };
    expect(gemini.readJson({ candidates: [], usageMetadata }).serviceTier).toBe("ON_DEMAND_FLEX");
  });

  it("takes a count that is left out as zero, one that is none as unknown", () => {
    expect(usageOf({ promptTokenCount: 7 })).toMatchObject({ inputTokens: 7, outputTokens: 0 });
    expect(usageOf({ promptTokenCount: 7, candidatesTokenCount: -1 })).toMatchObject({
      inputTokens: 7,
      outputTokens: undefined,
    });
    expect(usageOf({ trafficType: "ON_DEMAND" })).toBeUndefined();
  });

  it("bills searches by the query from Gemini 3 on, by the prompt before", () => {
    expect(searched("gemini-2.5-flash")).toBe(1);
    expect(searched("gemini-3-pro-preview")).toBe(2);
  });

  it("may be a refused prompt, or an error", () => {
    const blocked = {
      promptFeedback: { blockReason: "SAFETY" },
      usageMetadata: { promptTokenCount: 4 },
    };
    expect(gemini.readJson(blocked)).toMatchObject({ problems: [], usage: { inputTokens: 4 } });
    expect(readStream(geminiStream, dataEvents(blocked)).complete).toBe(true);
    const error = { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "m" } };
    expect(gemini.readJson(error).errorType).toBe("RESOURCE_EXHAUSTED");
    expect(gemini.readJson({}).problems).toEqual([
      "the answer has neither candidates nor an error",
    ]);
  });

  it("takes the last usage of a stream, and its array as one answer", () => {
    const expected = {
      usage: { inputTokens: 10, outputTokens: 53, reasoningTokens: 41, cacheReadTokens: 4 },
      finishReasons: ["STOP"],
      toolCalls: ["look_up"],
      complete: true,
    };
    expect(readStream(geminiStream, GEMINI_STREAM)).toMatchObject(expected);
    expect(geminiStream.readJson(GEMINI_PARTS)).toMatchObject(expected);
  });

  it("keeps the usage when the last event has none", () => {
    const stream = dataEvents(
      geminiPart([{ text: "a" }], { promptTokenCount: 3, candidatesTokenCount: 1 }),
      geminiPart([], { trafficType: "ON_DEMAND" }, "STOP"),
    );
    expect(readStream(geminiStream, stream)).toMatchObject({
      usage: { inputTokens: 3, outputTokens: 1 },
      complete: true,
    });
  });

  it("is complete without any counts, and says that it has none", () => {
    const ended = { candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }] };
    expect(readStream(geminiStream, dataEvents(ended))).toMatchObject({
      usage: undefined,
      finishReasons: ["STOP"],
      outputChars: 2,
      complete: true,
      problems: [],
    });
  });

  it("is complete when every candidate has ended", () => {
    const usage = { promptTokenCount: 3, candidatesTokenCount: 1 };
    const part = (index: number, finishReason?: string): object => ({
      candidates: [{ index, finishReason, content: { parts: [{ text: "a" }] } }],
      usageMetadata: usage,
    });
    const stream = dataEvents(part(0), part(1), part(0, "STOP"));
    expect(readStream(geminiStream, stream).complete).toBe(false);
    const ended = readStream(geminiStream, stream + dataEvents(part(1, "MAX_TOKENS")));
    expect(ended).toMatchObject({ complete: true, finishReasons: ["STOP", "MAX_TOKENS"] });
  });
});
