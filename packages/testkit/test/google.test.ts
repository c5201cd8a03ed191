import { afterAll, beforeAll, expect, it } from "vitest";
import { startFakeProvider, type FakeProvider } from "../src/index.ts";
import { at, joinTexts, post, readEvents } from "./wire.ts";

const GENERATE = "/v1beta/models/gemini-2.5-flash:generateContent";
const STREAM = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
const INTERACTIONS = "/v1beta/interactions";
const ASKED = { contents: [{ role: "user", parts: [{ text: "What is a toll?" }] }] };
const USAGE = { inputTokens: 100, outputTokens: 50, cacheReadTokens: 30, reasoningTokens: 20 };

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

it("names the model of the path and counts thinking beside the candidates", async () => {
  provider.enqueue({ text: "A fee.", usage: USAGE });
  const response = await post(provider, GENERATE, ASKED);
  expect(provider.requests.at(-1)?.api).toBe("google.generate_content");
  expect(await response.json()).toMatchObject({
    candidates: [
      {
        content: { role: "model", parts: [{ thought: true }, { text: "A fee." }] },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 100,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 20,
      cachedContentTokenCount: 30,
      totalTokenCount: 150,
    },
    modelVersion: "gemini-2.5-flash",
  });
});

it("streams by method, with lines that end as Google's do and no last marker", async () => {
  provider.enqueue({ chunks: ["A ", "fee."], usage: { inputTokens: 7, outputTokens: 3 } });
  const text = await (await post(provider, STREAM, ASKED)).text();
  expect(text.endsWith("\r\n\r\n")).toBe(true);
  const events = text
    .trimEnd()
    .split("\r\n\r\n")
    .map((block): unknown => JSON.parse(block.replace(/^data: /, "")));
  const pieces = events.map((event) => at(event, "candidates", 0, "content", "parts", 0, "text"));
  expect(joinTexts(pieces)).toBe("A fee.");
  expect(events.at(-1)).toMatchObject({
    candidates: [{ finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
  });
});

it("obeys the limit of the generation config", async () => {
  provider.enqueue({ text: "A fee that is asked for at a gate." });
  const more = { ...ASKED, generationConfig: { maxOutputTokens: 2 } };
  const body: unknown = await (await post(provider, GENERATE, more)).json();
  expect(at(body, "candidates", 0, "finishReason")).toBe("MAX_TOKENS");
});

it("calls functions with arguments as an object", async () => {
  provider.enqueue({ toolCalls: [{ name: "look_up", arguments: { word: "toll" } }] });
  const body: unknown = await (await post(provider, GENERATE, ASKED)).json();
  expect(at(body, "candidates", 0, "content", "parts", 0)).toMatchObject({
    functionCall: { name: "look_up", args: { word: "toll" } },
  });
});

it("says errors with Google's words, in the middle of a stream as bare JSON", async () => {
  provider.enqueue({ status: 429 }, { chunks: ["A ", "fee."], failAfterChunks: 1 });
  const refused = await post(provider, GENERATE, ASKED);
  expect(await refused.json()).toMatchObject({
    error: { code: 429, status: "RESOURCE_EXHAUSTED" },
  });
  const text = await (await post(provider, STREAM, ASKED)).text();
  const last = text.slice(text.lastIndexOf("\r\n\r\n") + 4);
  expect(JSON.parse(last)).toMatchObject({ error: { code: 500, status: "INTERNAL" } });
});

it("answers an interaction with steps, and streams them", async () => {
  const asked = { model: "gemini-2.5-flash", input: "What is a toll?" };
  provider.enqueue({ text: "A fee.", usage: USAGE }, { chunks: ["A ", "fee."], usage: USAGE });
  const usage = { total_input_tokens: 100, total_output_tokens: 30, total_thought_tokens: 20 };
  expect(await (await post(provider, INTERACTIONS, asked)).json()).toMatchObject({
    status: "completed",
    object: "interaction",
    steps: [{ type: "thought" }, { type: "model_output", content: [{ text: "A fee." }] }],
    usage: { ...usage, total_tokens: 150, total_cached_tokens: 30 },
  });
  const events = await readEvents(await post(provider, INTERACTIONS, { ...asked, stream: true }));
  expect(joinTexts(events.map(({ data }) => at(data, "delta", "text")))).toBe("A fee.");
  expect(events.at(-2)).toMatchObject({
    event: "interaction.completed",
    data: { interaction: { status: "completed", usage } },
  });
  expect(events.at(-1)).toEqual({ event: "done", data: { done: true } });
});

it("says errors of an interaction with a word for a code", async () => {
  provider.enqueue({ status: 400 });
  const response = await post(provider, INTERACTIONS, { model: "x", input: "y" });
  expect(await response.json()).toMatchObject({ error: { code: "invalid_argument" } });
});
