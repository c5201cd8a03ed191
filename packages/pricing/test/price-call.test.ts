import { MAX_NANO_USD, UNPRICED, type TokenUsage } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { createPricer, type PricedCall } from "../src/index.ts";

const TIME_MS = Date.parse("2026-09-01T12:00:00Z");
const pricer = createPricer();

function price(usage: TokenUsage, call: Partial<PricedCall> = {}) {
  return pricer.priceCall(usage, {
    provider: "openai",
    model: "gpt-4o-mini",
    timeMs: TIME_MS,
    ...call,
  });
}

describe("what has no price", () => {
  const usage = { inputTokens: 10, outputTokens: 10 };

  it("an unknown model is unpriced, not free", () => {
    expect(price(usage, { model: "a-model-of-my-own" })).toEqual(UNPRICED);
    expect(price({ inputTokens: 0, outputTokens: 0 }, { model: "nope" })).toEqual(UNPRICED);
  });

  it("an unknown provider is unpriced, even if its name contains a known one", () => {
    expect(price(usage, { provider: "my-openai-proxy" })).toEqual(UNPRICED);
    expect(price(usage, { provider: "" })).toEqual(UNPRICED);
  });

  it("a call that names no model is unpriced", () => {
    expect(price(usage, { model: undefined })).toEqual(UNPRICED);
  });

  it("absent counts on both sides are unpriced", () => {
    expect(price({ inputTokens: undefined, outputTokens: undefined })).toEqual(UNPRICED);
  });

  it("a model that bills by the hour has no price for tokens", () => {
    expect(price(usage, { model: "whisper-1" })).toEqual(UNPRICED);
  });

  it("a model whose price the catalogue leaves empty is unpriced", () => {
    const call = { provider: "openrouter", model: "google/lyria-3-pro-preview" };
    expect(price(usage, call)).toEqual(UNPRICED);
  });

  it("a model that is called free is free", () => {
    const call = { provider: "openrouter", model: "deepseek/deepseek-r1:free" };
    expect(price(usage, call)).toMatchObject({ totalNanoUsd: 0, priceSource: "catalogue" });
  });
});

describe("what is known in part", () => {
  it("prices the side that is known and says that it is partial", () => {
    expect(price({ inputTokens: 100, outputTokens: undefined })).toMatchObject({
      totalNanoUsd: 15_000,
      partial: true,
    });
    expect(price({ inputTokens: undefined, outputTokens: 100 })).toMatchObject({
      totalNanoUsd: 60_000,
      partial: true,
    });
  });

  it("embeddings have no output side to miss", () => {
    const usage = { inputTokens: 1_000, outputTokens: undefined };
    const cost = price(usage, { model: "text-embedding-3-small" });
    expect(cost.totalNanoUsd).toBe(20_000);
    expect(cost.partial).toBeUndefined();
  });

  it("a known side of no tokens says nothing of the unknown one", () => {
    expect(price({ inputTokens: 0, outputTokens: undefined })).toEqual(UNPRICED);
  });

  it("web searches without a price leave the total partial", () => {
    const usage = { inputTokens: 100, outputTokens: 0, webSearchRequests: 1 };
    const cost = price(usage, { model: "gpt-4.1-nano" });
    expect(cost).toMatchObject({ totalNanoUsd: 10_000, partial: true });
  });
});

describe("tokens of other models", () => {
  const usage = { inputTokens: 1_000, outputTokens: 500 };

  it("are priced at their own model and merged part by part", () => {
    const cost = price(usage, {
      additionalUsage: [{ model: "gpt-4o", usage: { inputTokens: 100, outputTokens: 10 } }],
    });
    expect(cost.parts).toEqual({ input: 150_000 + 250_000, output: 300_000 + 100_000 });
    expect(cost.totalNanoUsd).toBe(800_000);
    expect(cost.pricedModel).toBe("gpt-4o-mini");
  });

  it("leave the total partial when they have no price", () => {
    const cost = price(usage, { additionalUsage: [{ model: "nope", usage }] });
    expect(cost).toMatchObject({ totalNanoUsd: 450_000, partial: true });
  });

  it("are still charged when the main model has no price", () => {
    const cost = price(usage, {
      model: "nope",
      additionalUsage: [{ model: "gpt-4o-mini", usage }],
    });
    expect(cost).toMatchObject({
      totalNanoUsd: 450_000,
      partial: true,
      pricedModel: "gpt-4o-mini",
    });
  });

  it("do not pay the fee of a request again", () => {
    const main = { inputTokens: 0, outputTokens: 1 };
    const cost = price(main, {
      provider: "perplexity",
      model: "sonar",
      additionalUsage: [{ model: "sonar", usage: main }],
    });
    expect(cost.parts).toEqual({ output: 2_000, request: 12_000_000 });
  });

  it("are rounded once together with the main model's", () => {
    const half = { inputTokens: 1, outputTokens: 0 };
    const call = { provider: "cohere", model: "command-r7b" };
    expect(price(half, call).totalNanoUsd).toBe(38);
    const both = price(half, {
      ...call,
      additionalUsage: [{ model: "command-r7b", usage: half }],
    });
    expect(both.totalNanoUsd).toBe(75);
  });
});

describe("what the provider says it billed", () => {
  const usage = { inputTokens: 1_000, outputTokens: 500 };

  it("beats the catalogue and is split in its proportions", () => {
    expect(price(usage, { providerCostNanoUsd: 900 })).toEqual({
      totalNanoUsd: 900,
      parts: { input: 300, output: 600 },
      priceSource: "provider",
    });
  });

  it("is the request's when the catalogue has no price", () => {
    expect(price(usage, { model: "nope", providerCostNanoUsd: 900 })).toEqual({
      totalNanoUsd: 900,
      parts: { request: 900 },
      priceSource: "provider",
    });
  });

  it("is the request's when the catalogue says free", () => {
    const call = { provider: "openrouter", model: "deepseek/deepseek-r1:free" };
    expect(price(usage, { ...call, providerCostNanoUsd: 7 }).parts).toEqual({ request: 7 });
  });

  it("prices a call whose counts are absent", () => {
    const unknown = { inputTokens: undefined, outputTokens: undefined };
    expect(price(unknown, { providerCostNanoUsd: 12 }).totalNanoUsd).toBe(12);
  });

  it("may be nothing", () => {
    expect(price(usage, { providerCostNanoUsd: 0 })).toMatchObject({
      totalNanoUsd: 0,
      priceSource: "provider",
    });
  });

  it("does not beat an override", () => {
    const own = createPricer({
      overrides: [{ provider: "openai", model: "*", inputPerMtok: 1, outputPerMtok: 1 }],
    });
    const call = { provider: "openai", model: "x", timeMs: TIME_MS, providerCostNanoUsd: 5 };
    expect(own.priceCall(usage, call)).toMatchObject({
      totalNanoUsd: 1_500_000,
      priceSource: "override",
    });
  });

  it.each([Number.NaN, -1])("is ignored when it is %d", (providerCostNanoUsd) => {
    expect(price(usage, { providerCostNanoUsd }).priceSource).toBe("catalogue");
  });
});

describe("usage that makes no sense", () => {
  it("more cached than input tokens: the input did not contain them, both are due", () => {
    const cost = price({ inputTokens: 10, cacheReadTokens: 1_000, outputTokens: 0 });
    expect(cost.parts).toEqual({ input: 1_500, cache_read: 75_000 });
  });

  it("more reasoning than output tokens: the output did not contain it, both are due", () => {
    const cost = price({ inputTokens: 0, outputTokens: 10, reasoningTokens: 100 });
    expect(cost.parts).toEqual({ output: 66_000 });
  });

  it("more one-hour writes than writes: all of them are one-hour writes", () => {
    const usage = { inputTokens: 100, cacheWrite1hTokens: 100, outputTokens: 0 };
    const call = { provider: "anthropic", model: "claude-sonnet-4-5" };
    expect(price(usage, call).parts).toEqual({ cache_write_1h: 600_000 });
    expect(price({ ...usage, cacheWriteTokens: 1 }, call).parts).toEqual({
      cache_write_1h: 600_000,
    });
  });

  it("speech among cached tokens counts as uncached as far as it can", () => {
    const usage = {
      inputTokens: 1_000,
      cacheReadTokens: 500,
      audioInputTokens: 600,
      outputTokens: 0,
    };
    const cost = price(usage, { provider: "gcp.gen_ai", model: "gemini-2.5-flash" });
    expect(cost.parts).toEqual({ audio_input: 500_000, cache_read: 400 * 30 + 100 * 100 });
  });

  it("speech is cached as far as the provider says so", () => {
    const usage = {
      inputTokens: 1_000,
      cacheReadTokens: 500,
      audioInputTokens: 600,
      audioCacheReadTokens: 300,
      outputTokens: 0,
    };
    const cost = price(usage, { provider: "gcp.gen_ai", model: "gemini-2.5-flash" });
    expect(cost.parts).toEqual({
      input: 200 * 300,
      audio_input: 300 * 1_000,
      cache_read: 200 * 30 + 300 * 100,
    });
  });

  it.each([Number.NaN, -5])("a count of %d was not said", (count) => {
    expect(price({ inputTokens: count, outputTokens: count })).toEqual(UNPRICED);
    const cost = price({ inputTokens: 100, outputTokens: 0, cacheReadTokens: count });
    expect(cost.totalNanoUsd).toBe(15_000);
  });

  it("absurd counts end at the largest amount", () => {
    const cost = price({ inputTokens: Infinity, outputTokens: 1e300 }, { model: "o1-pro" });
    expect(cost.totalNanoUsd).toBe(MAX_NANO_USD);
    expect((cost.parts.input ?? 0) + (cost.parts.output ?? 0)).toBe(MAX_NANO_USD);
  });

  it("a time that is none has the first price of the list", () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const call = { provider: "deepseek", model: "deepseek-v4-pro", timeMs: Number.NaN };
    expect(price(usage, call).totalNanoUsd).toBe(435_000_000);
  });
});

describe("how a model id found its price", () => {
  const usage = { inputTokens: 1, outputTokens: 1 };

  it.each([
    ["gpt-4o-mini", "exact"],
    ["gpt-4o-mini-2024-07-18", "exact"],
    ["GPT-4o-Mini", "exact"],
    ["gpt-5-nano-2030-01-01", "prefix"],
    ["gpt-4o-audio-preview-2024-12-17", "exact"],
    ["gpt-4o-audio-preview-2027", "prefix"],
  ])("%s: %s", (model, match) => {
    expect(price(usage, { model }).match).toBe(match);
  });

  it("says whose price it took", () => {
    const cost = price(usage, { provider: "anthropic", model: "claude-sonnet-4-5-20250929" });
    expect(cost).toMatchObject({ match: "exact", pricedModel: "claude-sonnet-4-5" });
  });
});

describe("prices that change with time", () => {
  const usage = { inputTokens: 200_001, outputTokens: 0 };
  const call = { provider: "anthropic", model: "claude-opus-4-6" };

  it("a change counts from its day on", () => {
    const before = price(usage, { ...call, timeMs: Date.parse("2026-03-12T23:59:59.999Z") });
    const after = price(usage, { ...call, timeMs: Date.parse("2026-03-13T00:00:00.000Z") });
    expect(before.totalNanoUsd).toBe(2_000_010_000);
    expect(after.totalNanoUsd).toBe(1_000_005_000);
  });
});

describe("the pricer's memory of models", () => {
  it("keeps pricing right after more names than it remembers", () => {
    const own = createPricer();
    const usage = { inputTokens: 1_000, outputTokens: 500 };
    for (let index = 0; index < 2_500; index++) {
      own.priceCall(usage, { provider: `p${index % 7}`, model: `m${index}`, timeMs: TIME_MS });
    }
    const call = { provider: "openai", model: "gpt-4o-mini", timeMs: TIME_MS };
    expect(own.priceCall(usage, call).totalNanoUsd).toBe(450_000);
    expect(own.contextWindow("openai", "gpt-4o-mini")).toBe(128_000);
    expect(own.contextWindow("openai", "m1")).toBeUndefined();
  });
});
