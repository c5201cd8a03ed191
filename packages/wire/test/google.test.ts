import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import {
  gemini,
  GEMINI_PARTS,
  GEMINI_STREAM,
  geminiCount,
  geminiEmbed,
  geminiPart,
  geminiStream,
  interactions,
  INTERACTION_STREAM,
  vertexClaude,
  vertexPredict,
} from "./provider-samples.ts";
import { dataEvents, MESSAGES_STREAM, messages, readStream } from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);
const STUDIO = "https://generativelanguage.googleapis.com";
const VERTEX = "https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/us-east1";
const PATH = "/v1beta/models/gemini-2.5-flash:generateContent";
const contents = [{ role: "user", parts: [{ text: "Hi" }] }];

describe("a call to Google", () => {
  it.each([
    [`${STUDIO}${PATH}`, "google.generate_content", "gcp.gemini"],
    [
      `${STUDIO}/v1beta/tunedModels/mine:generateContent?key=k`,
      "google.generate_content",
      "gcp.gemini",
    ],
    [
      `${STUDIO}/v1/models/m:streamGenerateContent?alt=sse`,
      "google.generate_content",
      "gcp.gemini",
    ],
    [`${STUDIO}/v1beta/models/m:batchEmbedContents`, "google.embed_content", "gcp.gemini"],
    [`${STUDIO}/v1beta/models/m:countTokens`, "google.count_tokens", "gcp.gemini"],
    [`${STUDIO}/v1beta/interactions`, "google.interactions", "gcp.gemini"],
    [`${STUDIO}/v1beta/openai/chat/completions`, "openai.chat", "gcp.gemini"],
    [
      `${VERTEX}/publishers/google/models/m:generateContent`,
      "google.generate_content",
      "gcp.vertex_ai",
    ],
    [`${VERTEX}/endpoints/123:streamGenerateContent`, "google.generate_content", "gcp.vertex_ai"],
    [`${VERTEX}/publishers/google/models/m:countTokens`, "google.count_tokens", "gcp.vertex_ai"],
    [
      "https://aiplatform.googleapis.com/v1/publishers/google/models/m:generateContent",
      "google.generate_content",
      "gcp.vertex_ai",
    ],
    [
      "http://localhost:9/v1/publishers/google/models/m:generateContent",
      "google.generate_content",
      "gcp.vertex_ai",
    ],
    [`${VERTEX}/publishers/anthropic/models/c:rawPredict`, "anthropic.messages", "gcp.vertex_ai"],
    [
      `${VERTEX}/publishers/anthropic/models/c:streamRawPredict`,
      "anthropic.messages",
      "gcp.vertex_ai",
    ],
    [
      `${VERTEX}/publishers/anthropic/models/count-tokens:rawPredict`,
      "anthropic.count_tokens",
      "gcp.vertex_ai",
    ],
    [`${VERTEX}/publishers/mistralai/models/m:rawPredict`, "openai.chat", "gcp.vertex_ai"],
  ])("to %s is %s of %s", (url, id, provider) => {
    const call = matchCall("POST", url);
    expect(call?.api.id).toBe(id);
    expect(call?.provider).toBe(provider);
  });

  it.each([
    `${STUDIO}/v1beta/models/m:batchGenerateContent`,
    `${STUDIO}/v1beta/cachedContents`,
    `${STUDIO}/upload/v1beta/files`,
    `${VERTEX}/publishers/google/models/imagen-4:predict`,
    `${VERTEX}/publishers/meta/models/llama:rawPredict`,
  ])("to %s is none", (url) => {
    expect(matchCall("POST", url)).toBeUndefined();
  });
});

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

  it("takes a count that is left out as zero, one that is none as unknown", () => {
    const usageOf = (usage: object): unknown =>
      gemini.readJson(geminiPart([], usage, "STOP")).usage;
    expect(usageOf({ promptTokenCount: 7 })).toMatchObject({ inputTokens: 7, outputTokens: 0 });
    expect(usageOf({ promptTokenCount: 7, candidatesTokenCount: -1 })).toMatchObject({
      inputTokens: 7,
      outputTokens: undefined,
    });
    expect(usageOf({ trafficType: "ON_DEMAND" })).toBeUndefined();
  });

  it("bills searches by the query from Gemini 3 on, by the prompt before", () => {
    const searched = (modelVersion: string): unknown => {
      const webSearchQueries = ["a", "b", "a"];
      const candidates = [{ finishReason: "STOP", groundingMetadata: { webSearchQueries } }];
      const usageMetadata = { promptTokenCount: 1 };
      return gemini.readJson({ candidates, usageMetadata, modelVersion }).usage?.webSearchRequests;
    };
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

describe("embeddings and counts of Google", () => {
  it("count what they say they count", () => {
    const answer = { embedding: { values: [1] }, usageMetadata: { promptTokenCount: 8 } };
    expect(geminiEmbed.readJson(answer).usage).toMatchObject({ inputTokens: 8, outputTokens: 0 });
    expect(geminiEmbed.readJson({ embedding: { values: [1] } }).usage).toBeUndefined();
  });

  it("add up the texts of a prediction, unless one does not say", () => {
    const text = (count?: number): object => ({
      embeddings: { statistics: { token_count: count } },
    });
    const read = (...predictions: object[]): unknown =>
      vertexPredict.readJson({ predictions }).usage;
    expect(read(text(5), text(6))).toEqual({ inputTokens: 11, outputTokens: 0 });
    expect(read(text(5), text())).toBeUndefined();
    expect(read()).toBeUndefined();
  });

  it("are free where they only count", () => {
    const path = "/v1beta/models/gemini-2.5-pro:countTokens";
    const facts = geminiCount.readRequest(json({ contents }), path);
    expect(facts).toMatchObject({ model: "gemini-2.5-pro", free: true, maxOutputTokens: 0 });
    expect(geminiCount.readJson({ totalTokens: 31 })).toMatchObject({
      usage: undefined,
      complete: true,
      problems: [],
    });
  });

  it("generate nothing, and are not bounded by an image", () => {
    const path = "/v1beta/models/gemini-embedding-2:embedContent";
    expect(
      geminiEmbed.readRequest(json({ content: { parts: [{ text: "a" }] } }), path),
    ).toMatchObject({ model: "gemini-embedding-2", maxOutputTokens: 0, unboundable: undefined });
    const image = { content: { parts: [{ inline_data: {} }] } };
    expect(geminiEmbed.readRequest(json(image), path)?.unboundable).toContain("inline_data");
    expect(geminiEmbed.readRequest(json({ x: 1 }), path)).toBeUndefined();
  });
});

describe("an interaction", () => {
  it("says limit, stream and what is not in the body", () => {
    const body = {
      model: "gemini-2.5-flash",
      input: "Hi",
      stream: true,
      generation_config: { max_output_tokens: 9 },
      tools: [{ type: "function", name: "f" }],
    };
    expect(interactions.readRequest(json(body))).toMatchObject({
      model: "gemini-2.5-flash",
      streaming: true,
      maxOutputTokens: 9,
      unboundable: undefined,
    });
    for (const more of [
      { tools: [{ type: "google_search" }] },
      { previous_interaction_id: "v1_a" },
      { background: true },
      { input: [{ type: "image", data: "" }] },
    ]) {
      expect(interactions.readRequest(json({ ...body, ...more }))?.unboundable).toBeDefined();
    }
    const agent = interactions.readRequest(json({ agent: "deep-research", input: "Hi" }));
    expect(agent?.unboundable).toMatch(/agent/);
    expect(interactions.readRequest(json({ model: "m" }))).toBeUndefined();
    expect(interactions.readRequest(json({ input: "Hi" }))).toBeUndefined();
  });

  it("is read from its events", () => {
    expect(readStream(interactions, INTERACTION_STREAM)).toMatchObject({
      model: "gemini-2.5-flash",
      id: "v1_a",
      serviceTier: "flex",
      usage: {
        inputTokens: 25,
        outputTokens: 41,
        cacheReadTokens: 8,
        reasoningTokens: 30,
        toolUseInputTokens: 5,
      },
      finishReasons: ["requires_action"],
      toolCalls: ["weather"],
      outputChars: 'Dobrý den "☀"\n{"city":"Brno"}'.length,
      complete: true,
      problems: [],
    });
  });

  it("is read whole, with its searches", () => {
    const answer = {
      id: "v1_b",
      model: "gemini-3-pro",
      status: "completed",
      usage: { total_input_tokens: 3, total_output_tokens: 2 },
      steps: [
        { type: "google_search_call", arguments: { queries: ["a", "b"] } },
        { type: "function_call", name: "f", arguments: { a: 1 } },
        { type: "model_output", content: [{ type: "text", text: "Hello" }] },
      ],
    };
    expect(interactions.readJson(answer)).toMatchObject({
      usage: { inputTokens: 3, outputTokens: 2, webSearchRequests: 2 },
      toolCalls: ["f"],
      finishReasons: ["completed"],
      outputChars: 12,
      problems: [],
    });
    const error = { error: { code: "invalid_request", message: "m" } };
    expect(interactions.readJson(error)).toMatchObject({
      errorType: "invalid_request",
      problems: [],
    });
  });
});

describe("Claude on Vertex AI", () => {
  it("has its model in the path", () => {
    const path =
      "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@1:streamRawPredict";
    const body = {
      anthropic_version: "vertex-2023-10-16",
      max_tokens: 5,
      messages: [],
      stream: true,
    };
    expect(vertexClaude.readRequest(json(body), path)).toMatchObject({
      model: "claude-x@1",
      streaming: true,
      maxOutputTokens: 5,
    });
    expect(vertexClaude.readRequest(json({ instances: [] }), path)).toBeUndefined();
  });

  it("answers as it does at Anthropic", () => {
    expect(readStream(vertexClaude, MESSAGES_STREAM)).toEqual(
      readStream(messages, MESSAGES_STREAM),
    );
  });
});
