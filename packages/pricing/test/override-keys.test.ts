import type { TokenUsage } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { createPricer, type PriceOverride } from "../src/index.ts";

const TIME_MS = Date.parse("2026-09-01T12:00:00Z");
const USAGE = { inputTokens: 1_000, outputTokens: 100 };

describe("what an override can say", () => {
  const own = { provider: "own", model: "m", inputPerMtok: "1", outputPerMtok: "2" };
  const call = { provider: "own", model: "m", timeMs: TIME_MS };
  const priced = (override: PriceOverride, usage: TokenUsage) =>
    createPricer({ overrides: [override] }).priceCall(usage, call);

  it("a price for every kind of token", () => {
    const override = {
      ...own,
      cacheReadPerMtok: "3",
      reasoningPerMtok: "4",
      audioInputPerMtok: "5",
      audioCacheReadPerMtok: "6",
      audioOutputPerMtok: "7",
      imageInputPerMtok: "8",
      imageCacheReadPerMtok: "9",
      imageOutputPerMtok: "10",
      videoInputPerMtok: "11",
    };
    const usage = {
      inputTokens: 1_000,
      audioInputTokens: 200,
      imageInputTokens: 100,
      videoInputTokens: 50,
      outputTokens: 100,
      reasoningTokens: 10,
      audioOutputTokens: 20,
      imageOutputTokens: 30,
    };
    expect(priced(override, usage).parts).toEqual({
      input: 650_000 + 550_000,
      audio_input: 1_000_000,
      image_input: 800_000,
      output: 80_000 + 40_000,
      audio_output: 140_000,
      image_output: 300_000,
    });
    const cached = { ...usage, cacheReadTokens: 1_000 };
    expect(priced(override, cached).parts.cache_read).toBe(1_200_000 + 900_000 + 2_100_000);
  });

  it.each([
    ["perWebSearch", { webSearchRequests: 3 }, "tool"],
    ["perFileSearch", { fileSearchRequests: 3 }, "tool"],
    ["perCodeExecution", { codeExecutionSessions: 3 }, "tool"],
    ["perSearchUnit", { searchUnits: 3 }, "request"],
    ["perImage", { outputImages: 3 }, "image_output"],
    ["perAudioHour", { audioSeconds: 3 * 3_600 }, "audio_input"],
    ["perMillionCharacters", { inputCharacters: 3_000_000 }, "input"],
    ["perPage", { inputPages: 3 }, "input"],
  ])("a fee: %s", (key, units, part) => {
    const override = { provider: "own", model: "m", [key]: "0.002" };
    const usage = { inputTokens: undefined, outputTokens: undefined, ...units };
    expect(priced(override, usage).parts).toEqual({ [part]: 6_000_000 });
    expect(createPricer().priceCall(usage, call).priceSource).toBe("unpriced");
  });

  it("tiers for the whole request, in any order, that inherit what they leave out", () => {
    const override: PriceOverride = {
      ...own,
      cacheReadPerMtok: "0.1",
      tiers: [
        { aboveInputTokens: 2_000, inputPerMtok: "3" },
        { aboveInputTokens: 1_000, inputPerMtok: "2", outputPerMtok: "4" },
      ],
    };
    const total = (inputTokens: number) =>
      priced(override, { inputTokens, outputTokens: 1 }).totalNanoUsd;
    expect([1_000, 1_001, 2_000, 2_001].map(total)).toEqual([
      1_000_000 + 2_000,
      2_002_000 + 4_000,
      4_000_000 + 4_000,
      6_003_000 + 4_000,
    ]);
  });

  it("marginal tiers: each token at the price of its place, what is cached first", () => {
    const override: PriceOverride = {
      ...own,
      cacheReadPerMtok: "0.1",
      tierMode: "marginal",
      tiers: [{ aboveInputTokens: 1_000, inputPerMtok: "2", cacheReadPerMtok: "0.2" }],
    };
    const parts = (inputTokens: number, cacheReadTokens: number) =>
      priced(override, { inputTokens, cacheReadTokens, outputTokens: 0 }).parts;
    expect(parts(999, 0)).toEqual({ input: 999_000 });
    expect(parts(1_000, 0)).toEqual({ input: 1_000_000 });
    expect(parts(1_001, 0)).toEqual({ input: 1_002_000 });
    expect(parts(3_000, 500)).toEqual({ cache_read: 50_000, input: 500_000 + 4_000_000 });
    expect(parts(3_000, 1_500)).toEqual({ cache_read: 100_000 + 100_000, input: 3_000_000 });
  });

  it("from when until when it holds; the list price before and after", () => {
    const contract = {
      provider: "openai",
      model: "gpt-4o",
      inputPerMtok: "1",
      outputPerMtok: "1",
      effectiveFrom: "2026-01-01",
      effectiveUntil: "2026-07-01T12:00:00+02:00",
    };
    const book = createPricer({ overrides: [contract] });
    const source = (time: string) =>
      book.priceCall(USAGE, { provider: "openai", model: "gpt-4o", timeMs: Date.parse(time) })
        .priceSource;
    expect(source("2025-12-31T23:59:59.999Z")).toBe("catalogue");
    expect(source("2026-01-01T00:00:00.000Z")).toBe("override");
    expect(source("2026-07-01T09:59:59.999Z")).toBe("override");
    expect(source("2026-07-01T10:00:00.000Z")).toBe("catalogue");
  });

  it("a discount off the list price, whatever its tiers, terms and fees", () => {
    const contract = { provider: "openai", model: "gpt-5*", discountPercent: "12.5" };
    const book = createPricer({ overrides: [contract] });
    const cost = (serviceTier?: string) =>
      book.priceCall(
        { ...USAGE, webSearchRequests: 1 },
        { provider: "openai", model: "gpt-5", timeMs: TIME_MS, serviceTier },
      );
    expect(cost()).toMatchObject({
      parts: { input: 1_093_750, output: 875_000, tool: 8_750_000 },
      priceSource: "override",
      pricedModel: "gpt-5*",
      match: "override",
    });
    expect(cost("flex").parts).toEqual({ input: 546_875, output: 437_500, tool: 8_750_000 });
    const unknown = { provider: "openai", model: "gpt-5-of-tomorrow", timeMs: TIME_MS };
    expect(book.priceCall(USAGE, unknown).priceSource).toBe("unpriced");
  });

  it("a discount off its own prices", () => {
    expect(priced({ ...own, discountPercent: 10 }, USAGE).totalNanoUsd).toBe(900_000 + 180_000);
    expect(priced({ ...own, discountPercent: 100 }, USAGE).totalNanoUsd).toBe(0);
  });

  it("a price for one service tier", () => {
    const overrides = [
      { ...own, provider: "openai", model: "gpt-5", serviceTier: "batch" as const },
    ];
    const book = createPricer({ overrides });
    const source = (serviceTier?: string) =>
      book.priceCall(USAGE, { provider: "openai", model: "gpt-5", timeMs: TIME_MS, serviceTier })
        .priceSource;
    expect([source(), source("batch"), source("flex")]).toEqual([
      "catalogue",
      "override",
      "catalogue",
    ]);
  });

  it("its prices as they are, whatever the tier", () => {
    const book = createPricer({ overrides: [{ ...own, provider: "openai", model: "gpt-5" }] });
    const at = { provider: "openai", model: "gpt-5", timeMs: TIME_MS };
    expect(book.priceCall(USAGE, { ...at, serviceTier: "priority" })).toEqual(
      book.priceCall(USAGE, at),
    );
  });

  it("what an hour of GPUs costs, over the tokens that they make", () => {
    const selfHosted = { usdPerGpuHour: "3.60", gpus: 2, tokensPerSecond: 1_000 };
    const hosted = { provider: "own", model: "m", selfHosted };
    // 7.20 dollars an hour are 0.002 a second, and 2 millionths for each of its 1,000 tokens.
    expect(priced(hosted, USAGE).parts).toEqual({ input: 2_000_000, output: 200_000 });
    const reading = { ...selfHosted, inputTokensPerSecond: 20_000 };
    expect(priced({ ...hosted, selfHosted: reading }, USAGE).parts).toEqual({
      input: 100_000,
      output: 200_000,
    });
  });

  it("decimals to the last, in text", () => {
    const exact = { ...own, inputPerMtok: "0.000001", outputPerMtok: "99999.999999" };
    const usage = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
    expect(priced(exact, usage).totalNanoUsd).toBe(1_000 + 99_999_999_999_000);
  });

  it("prices a model by the name behind a path or a deployment, too", () => {
    const overrides = [{ ...own, provider: "azure.ai.openai", model: "gpt-4o" }];
    const book = createPricer({ overrides, deployments: { chat: "gpt-4o" } });
    const at = { provider: "azure.ai.openai", model: "chat", timeMs: TIME_MS };
    expect(book.priceCall(USAGE, at).priceSource).toBe("override");
  });
});
