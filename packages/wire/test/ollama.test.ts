import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import {
  OLLAMA_LINES,
  ollamaChat,
  ollamaEmbed,
  ollamaGenerate,
  ollamaLine,
} from "./provider-samples.ts";
import { readStream } from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);
const CHAT = { model: "llama3.2", messages: [{ role: "user", content: "Hi" }] };

describe("a request to Ollama", () => {
  it("belongs to Ollama whatever the host", () => {
    for (const [url, id] of [
      ["http://127.0.0.1:11434/api/chat", "ollama.chat"],
      ["http://gpu.internal/ollama/api/generate", "ollama.generate"],
      ["https://ollama.com/api/embed", "ollama.embeddings"],
      ["http://localhost:11434/api/embeddings", "ollama.embeddings"],
    ] as const) {
      const call = matchCall("POST", url);
      expect([call?.api.id, call?.provider]).toEqual([id, "ollama"]);
    }
  });

  it("streams unless it says otherwise", () => {
    expect(ollamaChat.readRequest(json(CHAT))?.streaming).toBe(true);
    expect(ollamaChat.readRequest(json({ ...CHAT, stream: null }))?.streaming).toBe(true);
    expect(ollamaChat.readRequest(json({ ...CHAT, stream: false }))?.streaming).toBe(false);
  });

  it("has its limit among the options", () => {
    const limit = (num_predict: number): unknown =>
      ollamaChat.readRequest(json({ ...CHAT, options: { num_predict } }))?.maxOutputTokens;
    expect(limit(12)).toBe(12);
    expect(limit(-1)).toBeUndefined();
    expect(ollamaChat.readRequest(json(CHAT))?.maxOutputTokens).toBeUndefined();
  });

  it("is not bounded by its body when it holds images", () => {
    const message = { role: "user", content: "See", images: ["aGk="] };
    const images = ollamaChat.readRequest(json({ ...CHAT, messages: [message] }));
    expect(images?.unboundable).toContain("images");
    const generate = { model: "m", prompt: "See" };
    expect(ollamaGenerate.readRequest(json({ ...generate, images: ["aGk="] }))?.unboundable).toBe(
      images?.unboundable,
    );
    expect(ollamaGenerate.readRequest(json({ ...generate, images: [] }))?.unboundable).toBe(
      undefined,
    );
  });

  it("is left alone when it is another's", () => {
    expect(ollamaChat.readRequest(json({ messages: [], trigger: "submit" }))).toBeUndefined();
    expect(ollamaGenerate.readRequest(json({ prompt: "Hi" }))).toBeUndefined();
    expect(ollamaGenerate.readRequest(json({ model: "m" }))).toBeUndefined();
    expect(ollamaEmbed.readRequest(json({ model: "m", input: ["a"] }))).toMatchObject({
      model: "m",
      streaming: false,
      maxOutputTokens: 0,
    });
  });
});

const usageOf = (more: object): unknown =>
  ollamaChat.readJson(ollamaLine("", { done: true, ...more })).usage;

describe("an answer of Ollama", () => {
  it("is read from its lines", () => {
    expect(readStream(ollamaChat, OLLAMA_LINES)).toMatchObject({
      model: "llama3.2",
      id: undefined,
      usage: { inputTokens: 26, outputTokens: 31 },
      finishReasons: ["stop"],
      toolCalls: ["clock"],
      outputChars: 'Ça va {"bien"}\n？ 🌞{"zone":"UTC"}'.length,
      complete: true,
      problems: [],
    });
  });

  it("is one line when it does not stream, by whatever way it is read", () => {
    const answer = ollamaLine("Hi", { done: true, done_reason: "stop", eval_count: 2 });
    const facts = ollamaChat.readJson(answer);
    expect(facts).toMatchObject({ outputChars: 2, complete: true, problems: [] });
    expect(readStream(ollamaChat, json(answer))).toEqual(facts);
    for (const type of ["application/x-ndjson", "application/json; charset=utf-8"]) {
      expect(ollamaChat.isStream?.(type)).toBe(true);
    }
  });

  it("takes a count that is left out as zero, and none at all as unknown", () => {
    expect(usageOf({ eval_count: 4 })).toEqual({ inputTokens: 0, outputTokens: 4 });
    expect(usageOf({ prompt_eval_count: 4 })).toEqual({ inputTokens: 4, outputTokens: 0 });
    expect(usageOf({ done_reason: "load" })).toBeUndefined();
  });

  it("counts thoughts and generations as text", () => {
    const line = { model: "m", response: "abc", thinking: "de", done: false };
    expect(readStream(ollamaGenerate, json(line)).outputChars).toBe(5);
  });

  it("may break off with an error", () => {
    const stream = `${json(ollamaLine("Hi"))}\n{"error":"out of memory"}\n`;
    expect(readStream(ollamaChat, stream)).toMatchObject({ errorType: "error", complete: false });
    expect(ollamaChat.readJson({ error: "no such model" })).toMatchObject({
      errorType: "error",
      problems: [],
    });
    expect(ollamaChat.readJson({}).problems).toHaveLength(1);
  });

  it("says how many tokens were embedded", () => {
    const answer = { model: "m", embeddings: [[1]], prompt_eval_count: 6 };
    expect(ollamaEmbed.readJson(answer).usage).toEqual({ inputTokens: 6, outputTokens: 0 });
    expect(ollamaEmbed.readJson({ embedding: [1] }).usage).toBeUndefined();
  });
});
