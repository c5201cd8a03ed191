import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CHAT_USAGE_CHUNK,
  chat,
  chatChunk,
  dataEvents,
  embeddings,
  from,
  readStream,
  reranking,
  responses,
} from "./wire-samples.ts";

const answer = (usage: object): object => ({
  choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }],
  usage,
});
const reasoned = (reasoning: number, total?: number): object => ({
  prompt_tokens: 12,
  completion_tokens: 2,
  ...(total === undefined ? {} : { total_tokens: total }),
  completion_tokens_details: { reasoning_tokens: reasoning },
});

const running = (tokens: number, usd: number): object => ({
  ...chatChunk({ content: "x" }),
  usage: { prompt_tokens: 5, completion_tokens: tokens, cost: { total_cost: usd } },
});

describe("reasoning", () => {
  it("is added to the output when the total says that it is outside", () => {
    for (const provider of ["x_ai", "azure.ai.inference", "openai"]) {
      const { usage } = chat.readJson(answer(reasoned(320, 334)), from(provider));
      expect(usage).toMatchObject({ outputTokens: 322, reasoningTokens: 320 });
    }
  });

  it("is added for xAI when there is no total, for no other", () => {
    expect(chat.readJson(answer(reasoned(320)), from("x_ai")).usage?.outputTokens).toBe(322);
    expect(chat.readJson(answer(reasoned(320)), from("openai")).usage?.outputTokens).toBe(2);
  });

  it("is not added twice should xAI begin to include it", () => {
    const usage = { ...reasoned(1, 14) };
    expect(chat.readJson(answer(usage), from("x_ai")).usage?.outputTokens).toBe(2);
  });

  it("is added in streams too", () => {
    const stream = dataEvents({ ...chatChunk({}), choices: [], usage: reasoned(40, 54) }, "[DONE]");
    expect(readStream(chat, stream, [], from("x_ai")).usage?.outputTokens).toBe(42);
  });

  it("may exceed the output it is said to be part of: counts stay as they were said", () => {
    const { usage } = chat.readJson(answer(reasoned(16, 14)), from("openrouter"));
    expect(usage).toMatchObject({ outputTokens: 2, reasoningTokens: 16 });
  });

  it("of xAI's responses is part of the output", () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 19,
    };
    expect(responses.readJson({ output: [], usage }, from("x_ai")).usage?.outputTokens).toBe(9);
  });
});

describe("the cost that a vendor states", () => {
  it.each([
    ["openrouter", { cost: 0.00045134 }, 451_340],
    ["openrouter", { cost: 0 }, 0],
    [
      "openrouter",
      { cost: 6e-8, is_byok: false, cost_details: { upstream_inference_cost: 6e-8 } },
      60,
    ],
    [
      "openrouter",
      { cost: 0.001, is_byok: true, cost_details: { upstream_inference_cost: 0.02 } },
      21_000_000,
    ],
    ["openrouter", { cost: 0.001, is_byok: true }, undefined],
    ["perplexity", { cost: { total_cost: 0.006, request_cost: 0.005 } }, 6_000_000],
    ["x_ai", { cost_in_usd_ticks: 1_641_500 }, 164_150],
    ["x_ai", { cost_in_usd_ticks: 15_000_000_000_000 }, 1_500_000_000_000],
    ["huggingface", { estimated_cost: 3.7999999999999996e-7 }, 380],
    ["openai", { cost: 5, estimated_cost: 5, cost_in_usd_ticks: 5 }, undefined],
    ["perplexity", { cost: 5 }, undefined],
  ])("by %s as %j is %s nano-USD", (provider, usage, nanoUsd) => {
    const facts = chat.readJson(answer(usage), from(provider));
    expect(facts.providerCostNanoUsd).toBe(nanoUsd);
    expect(facts.problems).toEqual([]);
  });

  it.each([-1, "0.1", true, Number.NaN, Number.POSITIVE_INFINITY, 1e9])(
    "as %o is taken as not said, and noted",
    (cost) => {
      const facts = chat.readJson(answer({ cost }), from("openrouter"));
      expect(facts.providerCostNanoUsd).toBeUndefined();
      expect(facts.problems).toHaveLength(1);
    },
  );

  it("is a whole amount, whatever is stated", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom("openrouter", "x_ai", "perplexity"),
        (cost, by) => {
          const usage = { cost, cost_in_usd_ticks: cost, estimated_cost: cost };
          const nanoUsd = chat.readJson(answer(usage), from(by)).providerCostNanoUsd;
          expect(nanoUsd === undefined || (Number.isSafeInteger(nanoUsd) && nanoUsd >= 0)).toBe(
            true,
          );
        },
      ),
    );
  });

  it("is read from responses, embeddings and reranking as well", () => {
    const usage = { cost: 0.001, total_tokens: 3 };
    const by = from("openrouter");
    expect(responses.readJson({ output: [], usage }, by).providerCostNanoUsd).toBe(1_000_000);
    expect(embeddings.readJson({ data: [], usage }, by).providerCostNanoUsd).toBe(1_000_000);
    expect(reranking.readJson({ results: [], usage }, by).providerCostNanoUsd).toBe(1_000_000);
  });

  it("grows in Perplexity's stream, and the last one stands", () => {
    const stream = dataEvents(running(1, 0.001), running(2, 0.002), running(3, 0.003), "[DONE]");
    expect(readStream(chat, stream, [], from("perplexity"))).toMatchObject({
      usage: { outputTokens: 3 },
      providerCostNanoUsd: 3_000_000,
    });
  });
});

describe("a vendor's stream", () => {
  it("may begin with Azure's filter results, which have no choices", () => {
    const filter = { choices: [], id: "", model: "", prompt_filter_results: [{ prompt_index: 0 }] };
    const stream = dataEvents(filter, chatChunk({ content: "Hi" }, "stop"), "[DONE]");
    expect(readStream(chat, stream)).toMatchObject({
      model: "gpt-4o-mini-2024-07-18",
      id: "chatcmpl-1",
      finishReasons: ["stop"],
      complete: true,
      problems: [],
    });
  });

  it("may be kept alive by comments", () => {
    const alive = ": OPENROUTER PROCESSING\n\n";
    const stream = dataEvents(chatChunk({ content: "Hi" }, "stop"), CHAT_USAGE_CHUNK, "[DONE]");
    expect(readStream(chat, alive.repeat(3) + stream)).toEqual(readStream(chat, stream));
  });

  it("may say its usage inside a choice, as Moonshot's does", () => {
    const usage = { prompt_tokens: 9, completion_tokens: 4, cached_tokens: 2 };
    const last = { choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] };
    expect(readStream(chat, dataEvents(last, "[DONE]")).usage).toMatchObject({
      inputTokens: 9,
      outputTokens: 4,
      cacheReadTokens: 2,
    });
  });
});

describe("a deployment of Azure", () => {
  const body = JSON.stringify({ messages: [], model: "body" });
  const nameless = JSON.stringify({ messages: [], input: "x", prompt: "x" });
  const path = "/openai/deployments/my%20gpt/chat/completions";

  it("is the model when the body names none", () => {
    expect(chat.readRequest(nameless, path)?.model).toBe("my gpt");
    expect(chat.readRequest(undefined, path)?.model).toBe("my gpt");
    expect(embeddings.readRequest(nameless, path)?.model).toBe("my gpt");
    expect(chat.readRequest(body, path)?.model).toBe("body");
  });

  it("is none in other paths", () => {
    expect(chat.readRequest(nameless, "/openai/v1/chat/completions")).toBeUndefined();
    expect(chat.readRequest(nameless, "/deployments/chat")).toBeUndefined();
    expect(chat.readRequest(nameless, "/deployments/%zz/chat")?.model).toBe("%zz");
  });
});
