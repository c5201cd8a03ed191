import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";

const TIME_MS = Date.parse("2026-11-22T12:00:00Z");
const USAGE = { inputTokens: 1_000_000, outputTokens: 0 };
const pricer = createPricer({
  deployments: {
    "our-chat": "gpt-4o-2024-08-06",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc":
      "global.anthropic.claude-haiku-4-5-20251001-v1:0",
  },
});

const priceOf = (provider: string, model: string) =>
  pricer.priceCall(USAGE, { provider, model, timeMs: TIME_MS });

describe("a model by another name", () => {
  it.each([
    // Dated, latest, in another case.
    ["openai", "gpt-4o-2024-08-06", 2.5, "exact"],
    ["openai", "GPT-4o", 2.5, "exact"],
    ["openai", " gpt-4o ", 2.5, "exact"],
    ["anthropic", "claude-3-5-haiku-20241022", 0.8, "exact"],
    ["anthropic", "claude-haiku-4-5-20251001", 1, "exact"],
    ["anthropic", "claude-3-7-sonnet-latest", 3, "exact"],
    ["x_ai", "grok-4.3-latest", 2.5, "exact"],
    // Paths.
    ["gcp.gemini", "models/gemini-2.5-flash", 0.3, "exact"],
    ["gcp.vertex_ai", "publishers/google/models/gemini-2.5-flash", 0.3, "exact"],
    ["gcp.vertex_ai", "claude-opus-4-6@20260205", 10, "exact"],
    ["gcp.vertex_ai", "publishers/anthropic/models/claude-haiku-4-5@20251001", 1, "exact"],
    ["openai", "openai/gpt-4o", 2.5, "exact"],
    // Clouds.
    ["aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3, "exact"],
    ["aws.bedrock", "apac.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3, "exact"],
    ["aws.bedrock", "anthropic.claude-3-haiku-20240307-v1:0:200k", 0.25, "exact"],
    [
      "aws.bedrock",
      "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
      1.1,
      "exact",
    ],
    [
      "aws.bedrock",
      "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-pro-v1:0",
      0.8,
      "exact",
    ],
    [
      "aws.bedrock",
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
      1,
      "exact",
    ],
    ["azure.ai.openai", "our-chat", 2.5, "exact"],
    ["azure.ai.inference", "gpt-4o", 2.5, "exact"],
    // Makers' models in clouds, corrected as at their makers.
    ["azure.ai.openai", "gpt-6.1-sol", 4, "exact"],
    ["gcp.vertex_ai", "claude-sonnet-5-5", 2, "exact"],
    // Routes of OpenRouter's, whose fee is not in the model's price.
    ["openrouter", "deepseek/deepseek-r1:free", 0, "exact"],
    ["openrouter", "openai/gpt-4o", 2.5, "exact"],
    ["openrouter", "openai/gpt-4o:nitro", 2.5, "prefix"],
    ["openrouter", "openai/gpt-4o:online", 2.5, "prefix"],
    // What came after the price data may be another model.
    ["openai", "gpt-5-nano-2030-01-01", 0.05, "prefix"],
    ["anthropic", "claude-opus-4-8-20270101", 5, "prefix"],
    ["anthropic", "claude-sonnet-5-7", 2, "prefix"],
  ])("%s %s costs $%d per million, %s", (provider, model, usd, match) => {
    const cost = priceOf(provider, model);
    expect([cost.match, (cost.totalNanoUsd ?? Number.NaN) / 1e9]).toEqual([
      match,
      expect.closeTo(usd),
    ]);
  });

  it.each([
    ["openai", "ft:gpt-4o-2024-08-06:acme::9abc", 3.75],
    ["openai", "ft:gpt-4.1-mini-2025-04-14:acme:x:9abc", 0.8],
    ["openai", "ft:o4-mini-2025-04-16:acme::9abc", 4],
    ["openai", "ft:davinci-002:acme::9abc", 12],
  ])("the fine-tuned %s %s has a price of its own", (provider, model, usd) => {
    expect(priceOf(provider, model)).toMatchObject({ totalNanoUsd: usd * 1e9, match: "exact" });
  });

  it.each([
    ["openai", "ft:gpt-5-2025-08-07:acme::9abc"],
    ["openai", "ft:gpt-4.1:acme::9abc"],
    ["aws.bedrock", "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef"],
    [
      "aws.bedrock",
      "arn:aws:bedrock:us-east-1:123456789012:custom-model/anthropic.claude-3-haiku-20240307-v1:0/abc",
    ],
    ["aws.bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/unknown"],
    ["gcp.vertex_ai", "projects/acme/locations/us-central1/endpoints/1234567890"],
    ["azure.ai.openai", "a-deployment-of-no-known-name"],
    ["openai", "__proto__"],
    ["openai", ""],
  ])("%s %s has no price", (provider, model) => {
    expect(priceOf(provider, model).priceSource).toBe("unpriced");
  });
});

describe("a provider by another name", () => {
  it.each([
    ["aws.bedrock", "amazon.nova-pro-v1:0"],
    ["azure.ai.openai", "gpt-4o"],
    ["azure.ai.inference", "gpt-4o"],
    ["cerebras", "gpt-oss-120b"],
    ["cohere", "command-r7b"],
    ["deepseek", "deepseek-chat"],
    ["fireworks", "accounts/fireworks/models/kimi-k3"],
    ["gcp.gemini", "gemini-2.5-pro"],
    ["gcp.gen_ai", "gemini-2.5-pro"],
    ["gcp.vertex_ai", "gemini-2.5-pro"],
    ["github-copilot", "gpt-5-mini"],
    ["groq", "llama-3.3-70b-versatile"],
    ["mistral_ai", "mistral-large-2512"],
    ["moonshot_ai", "kimi-k2.5"],
    ["huggingface", "meta-llama/Llama-3.3-70B-Instruct:groq"],
    ["novita", "deepseek/deepseek-r1"],
    ["openai", "gpt-4o"],
    ["openrouter", "openai/gpt-4o"],
    ["perplexity", "sonar"],
    ["together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"],
    ["voyage_ai", "voyage-3.5"],
    ["x_ai", "grok-4"],
    ["z_ai", "glm-5.2"],
  ])("%s is known for %s", (provider, model) => {
    expect(priceOf(provider, model).priceSource).toBe("catalogue");
  });
});
