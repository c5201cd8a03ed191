import type { CostType, TokenUsage } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";

/** One invoice worked out by hand. `usdPerMtok` is what the provider's price page says. */
interface Invoice {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly usdPerMtok: Readonly<Record<string, number>>;
  readonly at?: string;
  readonly usage: TokenUsage;
  readonly parts: Partial<Record<CostType, number>>;
  readonly totalNanoUsd: number;
}

const INVOICES: readonly Invoice[] = [
  {
    name: "gpt-4o-mini, a plain answer",
    provider: "openai",
    model: "gpt-4o-mini",
    usdPerMtok: { input: 0.15, output: 0.6 },
    usage: { inputTokens: 1_000, outputTokens: 500 },
    parts: { input: 150_000, output: 300_000 },
    totalNanoUsd: 450_000,
  },
  {
    name: "gpt-4o-mini, most of the prompt from the cache",
    provider: "openai",
    model: "gpt-4o-mini-2024-07-18",
    usdPerMtok: { input: 0.15, cacheRead: 0.075, output: 0.6 },
    usage: { inputTokens: 2_006, cacheReadTokens: 1_920, outputTokens: 300 },
    parts: { input: 12_900, cache_read: 144_000, output: 180_000 },
    totalNanoUsd: 336_900,
  },
  {
    name: "gpt-4o",
    provider: "openai",
    model: "gpt-4o-2024-08-06",
    usdPerMtok: { input: 2.5, output: 10 },
    usage: { inputTokens: 1_117, outputTokens: 46, cacheReadTokens: 0 },
    parts: { input: 2_792_500, output: 460_000 },
    totalNanoUsd: 3_252_500,
  },
  {
    name: "gpt-4o on Azure under its OpenTelemetry name",
    provider: "azure.ai.openai",
    model: "gpt-4o",
    usdPerMtok: { input: 2.5, output: 10 },
    usage: { inputTokens: 1_117, outputTokens: 46 },
    parts: { input: 2_792_500, output: 460_000 },
    totalNanoUsd: 3_252_500,
  },
  {
    name: "gpt-5, reasoning is part of the output and cached input is cheaper",
    provider: "openai",
    model: "gpt-5-2025-08-07",
    usdPerMtok: { input: 1.25, cacheRead: 0.125, output: 10 },
    usage: {
      inputTokens: 12_345,
      cacheReadTokens: 10_240,
      outputTokens: 2_048,
      reasoningTokens: 1_984,
    },
    parts: { input: 2_631_250, cache_read: 1_280_000, output: 20_480_000 },
    totalNanoUsd: 24_391_250,
  },
  {
    name: "gpt-5-mini",
    provider: "openai",
    model: "gpt-5-mini",
    usdPerMtok: { input: 0.25, output: 2 },
    usage: { inputTokens: 900, outputTokens: 100 },
    parts: { input: 225_000, output: 200_000 },
    totalNanoUsd: 425_000,
  },
  {
    name: "gpt-4o realtime, speech both ways",
    provider: "openai",
    model: "gpt-4o-realtime-preview",
    usdPerMtok: { input: 5, audioInput: 40, output: 20, audioOutput: 80 },
    usage: {
      inputTokens: 1_000,
      audioInputTokens: 600,
      outputTokens: 500,
      audioOutputTokens: 400,
    },
    parts: {
      input: 2_000_000,
      audio_input: 24_000_000,
      output: 2_000_000,
      audio_output: 32_000_000,
    },
    totalNanoUsd: 60_000_000,
  },
  {
    name: "claude sonnet 4.5, cache read, five-minute and one-hour writes",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    usdPerMtok: { input: 3, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6, output: 15 },
    usage: {
      inputTokens: 102_050,
      cacheReadTokens: 100_000,
      cacheWriteTokens: 2_000,
      cacheWrite1hTokens: 500,
      outputTokens: 1_000,
    },
    parts: { input: 150_000, cache_read: 30_000_000, cache_write: 8_625_000, output: 15_000_000 },
    totalNanoUsd: 53_775_000,
  },
  {
    name: "claude haiku 4.5, a five-minute write",
    provider: "anthropic",
    model: "claude-haiku-4-5-20251001",
    usdPerMtok: { input: 1, cacheWrite: 1.25, output: 5 },
    usage: { inputTokens: 4_096, cacheWriteTokens: 4_000, outputTokens: 10 },
    parts: { input: 96_000, cache_write: 5_000_000, output: 50_000 },
    totalNanoUsd: 5_146_000,
  },
  {
    name: "claude opus 4.1, a one-hour write at twice the input price",
    provider: "anthropic",
    model: "claude-opus-4-1-20250805",
    usdPerMtok: { input: 15, cacheWrite1h: 30, output: 75 },
    usage: {
      inputTokens: 1_010,
      cacheWriteTokens: 1_000,
      cacheWrite1hTokens: 1_000,
      outputTokens: 100,
    },
    parts: { input: 150_000, cache_write: 30_000_000, output: 7_500_000 },
    totalNanoUsd: 37_650_000,
  },
  {
    name: "claude on Bedrock, whose list has no one-hour price: twice the input price",
    provider: "aws.bedrock",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    usdPerMtok: { input: 3.3, cacheWrite: 4.125, cacheWrite1h: 6.6, output: 16.5 },
    usage: {
      inputTokens: 300,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 100,
      outputTokens: 10,
    },
    parts: { input: 330_000, cache_write: 1_072_500, output: 165_000 },
    totalNanoUsd: 1_567_500,
  },
  {
    name: "claude opus 4.5, three web searches at ten dollars per thousand",
    provider: "anthropic",
    model: "claude-opus-4-5",
    usdPerMtok: { input: 5, output: 25 },
    usage: { inputTokens: 100, outputTokens: 100, webSearchRequests: 3 },
    parts: { input: 500_000, output: 2_500_000, tool: 30_000_000 },
    totalNanoUsd: 33_000_000,
  },
  {
    name: "perplexity sonar, twelve dollars per thousand requests on top",
    provider: "perplexity",
    model: "sonar",
    usdPerMtok: { input: 1, output: 1 },
    usage: { inputTokens: 10, outputTokens: 20 },
    parts: { input: 10_000, output: 20_000, request: 12_000_000 },
    totalNanoUsd: 12_030_000,
  },
  {
    name: "command-r7b, half nano-USD are rounded up once",
    provider: "cohere",
    model: "command-r7b",
    usdPerMtok: { input: 0.0375, output: 0.15 },
    usage: { inputTokens: 3, outputTokens: 1 },
    parts: { input: 113, output: 150 },
    totalNanoUsd: 263,
  },
  {
    name: "deepseek v4 pro in the hours that cost double",
    provider: "deepseek",
    model: "deepseek-v4-pro",
    usdPerMtok: { input: 1.32, cacheRead: 0.044, output: 3.96 },
    at: "2026-09-01T03:59:59.999Z",
    usage: { inputTokens: 1_000, cacheReadTokens: 900, outputTokens: 10 },
    parts: { input: 132_000, cache_read: 39_600, output: 39_600 },
    totalNanoUsd: 211_200,
  },
  {
    name: "deepseek v4 pro just after them",
    provider: "deepseek",
    model: "deepseek-v4-pro",
    usdPerMtok: { input: 0.66, cacheRead: 0.022, output: 1.98 },
    at: "2026-09-01T04:00:00.000Z",
    usage: { inputTokens: 1_000, cacheReadTokens: 900, outputTokens: 10 },
    parts: { input: 66_000, cache_read: 19_800, output: 19_800 },
    totalNanoUsd: 105_600,
  },
];

describe("invoices worked out by hand", () => {
  const pricer = createPricer();

  it.each(INVOICES)("$name", ({ provider, model, at, usage, parts, totalNanoUsd }) => {
    const timeMs = Date.parse(at ?? "2026-09-01T12:00:00Z");
    const cost = pricer.priceCall(usage, { provider, model, timeMs });
    expect(cost.parts).toEqual(parts);
    expect(cost.totalNanoUsd).toBe(totalNanoUsd);
    expect(cost.priceSource).toBe("catalogue");
    expect(cost.partial).toBeUndefined();
    expect(cost.catalogueVersion).toBe(pricer.catalogueVersion);
  });

  it.each([
    {
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      inputTokens: 199_999,
      nanoUsd: 599_997_000 + 15_000,
    },
    {
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      inputTokens: 200_000,
      nanoUsd: 600_000_000 + 15_000,
    },
    {
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      inputTokens: 200_001,
      nanoUsd: 1_200_006_000 + 22_500,
    },
    {
      provider: "gcp.gen_ai",
      model: "gemini-2.5-pro",
      inputTokens: 200_000,
      nanoUsd: 250_000_000 + 10_000,
    },
    {
      provider: "gcp.gen_ai",
      model: "gemini-2.5-pro",
      inputTokens: 200_001,
      nanoUsd: 500_002_500 + 15_000,
    },
    { provider: "openai", model: "gpt-5.4", inputTokens: 271_999, nanoUsd: 679_997_500 + 15_000 },
    { provider: "openai", model: "gpt-5.4", inputTokens: 272_000, nanoUsd: 1_360_000_000 + 22_500 },
    { provider: "openai", model: "gpt-5.4", inputTokens: 272_001, nanoUsd: 1_360_005_000 + 22_500 },
  ])(
    "the whole request has the price of its tier: $model with $inputTokens input tokens",
    ({ provider, model, inputTokens, nanoUsd }) => {
      const usage = { inputTokens, outputTokens: 1 };
      const cost = pricer.priceCall(usage, { provider, model, timeMs: Date.parse("2026-09-01") });
      expect(cost.totalNanoUsd).toBe(nanoUsd);
    },
  );

  it("the tier is that of all input tokens, cached ones included", () => {
    const usage = { inputTokens: 200_001, cacheReadTokens: 200_000, outputTokens: 0 };
    const call = { provider: "anthropic", model: "claude-sonnet-4-5", timeMs: 0 };
    expect(pricer.priceCall(usage, call).parts).toEqual({ input: 6_000, cache_read: 120_000_000 });
  });
});
