import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import {
  alephAlpha,
  jinaEmbeddings,
  mistralAgents,
  mistralChat,
  mistralEmbeddings,
  mistralFim,
  mistralModerations,
  voyageEmbeddings,
  voyageRerank,
  watsonx,
} from "./provider-samples.ts";
import { CHAT_STREAM, chat, dataEvents, readStream } from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);

describe("Mistral", () => {
  it("answers as OpenAI's chat does", () => {
    expect(matchCall("POST", "https://api.mistral.ai/v1/chat/completions")).toMatchObject({
      provider: "mistral_ai",
    });
    const whole = readStream(chat, CHAT_STREAM);
    for (const api of [mistralChat, mistralAgents, mistralFim]) {
      expect(readStream(api, CHAT_STREAM)).toEqual(whole);
    }
  });

  it("keeps an agent's model and prompt to itself", () => {
    const body = { agent_id: "ag_1", messages: [], max_tokens: 3, stream: true };
    expect(mistralAgents.readRequest(json(body))).toMatchObject({
      model: undefined,
      streaming: true,
      maxOutputTokens: 3,
      unboundable: expect.stringContaining("agent"),
    });
    expect(mistralAgents.readRequest(json({ messages: [] }))).toBeUndefined();
    expect(mistralAgents.readRequest(json({ agent_id: "ag_1" }))).toBeUndefined();
  });

  it("fills in the middle of a text, on any host", () => {
    const body = { model: "codestral", prompt: "a", suffix: "b", max_tokens: 9 };
    expect(mistralFim.readRequest(json(body))).toMatchObject({
      model: "codestral",
      maxOutputTokens: 9,
      unboundable: undefined,
    });
    expect(mistralFim.readRequest(json({ model: "m" }))).toBeUndefined();
    expect(mistralFim.readRequest(json({ prompt: "a" }))).toBeUndefined();
    expect(matchCall("POST", "http://localhost/v1/fim/completions")?.api.operation).toBe(
      "text_completion",
    );
  });

  it("bills moderations like embeddings, by the token", () => {
    const usage = { prompt_tokens: 13, completion_tokens: 0, total_tokens: 74 };
    for (const api of [mistralEmbeddings, mistralModerations]) {
      expect(api.readRequest(json({ model: "m", input: "a" }))).toMatchObject({
        model: "m",
        maxOutputTokens: 0,
      });
      expect(api.readRequest(json({ model: "m", input: "a" }))?.free).toBeUndefined();
      expect(api.readRequest(json({ input: "a" }))).toBeUndefined();
      expect(api.readJson({ id: "x", model: "m", usage })).toMatchObject({
        id: "x",
        model: "m",
        usage: { inputTokens: 13, outputTokens: 0 },
        complete: true,
      });
    }
  });
});

const rerankerAt = (host: string): unknown =>
  matchCall("POST", `https://${host}/v1/rerank`)?.provider;

describe("Voyage and Jina", () => {
  it("count all tokens in one", () => {
    const answer = { model: "voyage-3.5", data: [], usage: { total_tokens: 12 } };
    for (const api of [voyageEmbeddings, voyageRerank, jinaEmbeddings]) {
      expect(api.readJson(answer)).toMatchObject({
        model: "voyage-3.5",
        usage: { inputTokens: 12, outputTokens: 0 },
        problems: [],
      });
      expect(api.readJson({ detail: "no key" })).toMatchObject({ errorType: "error" });
      expect(api.readJson(null).complete).toBe(false);
    }
  });

  it("read the query once more for each document", () => {
    const rerank = voyageRerank.readRequest(json({ model: "m", query: "q", documents: ["d"] }));
    expect(rerank?.unboundable).toBe("the provider reads the query with every document");
    const embed = voyageEmbeddings.readRequest(json({ model: "m", input: ["a"] }));
    expect(embed).toMatchObject({ model: "m", unboundable: undefined });
    const image = { model: "m", input: [{ image: "https://x" }] };
    expect(jinaEmbeddings.readRequest(json(image))?.unboundable).toContain("image");
  });

  it("are told apart by their hosts", () => {
    expect([
      rerankerAt("api.voyageai.com"),
      rerankerAt("api.jina.ai"),
      rerankerAt("api.cohere.com"),
    ]).toEqual(["voyage_ai", "jina_ai", "cohere"]);
  });
});

const event = (text: string, input: number, output: number, stop = "not_finished"): object => ({
  model_id: "ibm/granite",
  results: [
    {
      generated_text: text,
      input_token_count: input,
      generated_token_count: output,
      stop_reason: stop,
    },
  ],
});

describe("watsonx", () => {
  it("counts the input at first and the output so far", () => {
    const stream = dataEvents(event("", 8, 0), event(" sky", 0, 1), event("", 0, 2, "eos_token"));
    expect(readStream(watsonx, stream)).toMatchObject({
      model: "ibm/granite",
      usage: { inputTokens: 8, outputTokens: 2 },
      finishReasons: ["eos_token"],
      outputChars: 4,
      complete: true,
    });
    const cut = readStream(watsonx, dataEvents(event("", 8, 0), event(" sky", 0, 1)));
    expect(cut).toMatchObject({ complete: false, finishReasons: [] });
  });

  it("says by its path whether it streams, and its limit among the parameters", () => {
    const body = json({ model_id: "m", input: "a", parameters: { max_new_tokens: 7 } });
    const facts = { model: "m", maxOutputTokens: 7, unboundable: undefined };
    for (const [path, streaming] of [
      ["/ml/v1/text/generation_stream", true],
      ["/ml/v1/text/generation", false],
      ["/ml/v1-beta/generation/text_stream", true],
    ] as const) {
      const call = matchCall("POST", `https://eu-de.ml.cloud.ibm.com${path}?version=1`);
      expect(call?.provider).toBe("ibm.watsonx.ai");
      expect(call?.api.readRequest(body, path)).toMatchObject({ ...facts, streaming });
    }
    expect(matchCall("POST", "https://example.com/text/generation")).toBeUndefined();
  });
});

describe("Aleph Alpha", () => {
  it("is read at its own host only", () => {
    expect(matchCall("POST", "https://example.com/complete")).toBeUndefined();
    const body = {
      model: "luminous-base",
      prompt: [{ type: "text", data: "a" }],
      maximum_tokens: 9,
    };
    expect(alephAlpha.readRequest(json(body))).toMatchObject({
      model: "luminous-base",
      maxOutputTokens: 9,
    });
    const answer = {
      completions: [{ completion: "abc", finish_reason: "maximum_tokens" }],
      model_version: "2022-04",
      num_tokens_prompt_total: 9,
      num_tokens_generated: 3,
    };
    expect(alephAlpha.readJson(answer)).toMatchObject({
      model: "2022-04",
      usage: { inputTokens: 9, outputTokens: 3 },
      finishReasons: ["maximum_tokens"],
      outputChars: 3,
    });
  });
});
