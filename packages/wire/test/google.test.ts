import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import {
  geminiCount,
  geminiEmbed,
  interactions,
  INTERACTION_STREAM,
  vertexClaude,
  vertexPredict,
} from "./provider-samples.ts";
import { MESSAGES_STREAM, messages, readStream } from "./wire-samples.ts";

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

const countedText = (count?: number): object => ({
  embeddings: { statistics: { token_count: count } },
});

const readPredictions = (...predictions: object[]): unknown =>
  vertexPredict.readJson({ predictions }).usage;

describe("embeddings and counts of Google", () => {
  it("count what they say they count", () => {
    const answer = { embedding: { values: [1] }, usageMetadata: { promptTokenCount: 8 } };
    expect(geminiEmbed.readJson(answer).usage).toMatchObject({ inputTokens: 8, outputTokens: 0 });
    expect(geminiEmbed.readJson({ embedding: { values: [1] } }).usage).toBeUndefined();
  });

  it("add up the texts of a prediction, unless one does not say", () => {
    expect(readPredictions(countedText(5), countedText(6))).toEqual({
      inputTokens: 11,
      outputTokens: 0,
    });
    expect(readPredictions(countedText(5), countedText())).toBeUndefined();
    expect(readPredictions()).toBeUndefined();
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
