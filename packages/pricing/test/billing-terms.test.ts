import { describe, expect, it } from "vitest";
import { createPricer, type PricedCall } from "../src/index.ts";

const TIME_MS = Date.parse("2026-11-20T12:00:00Z");
const USAGE = { inputTokens: 1_000, outputTokens: 100 };
const pricer = createPricer();

const price = (provider: string, model: string, terms: Partial<PricedCall>) =>
  pricer.priceCall(USAGE, { provider, model, timeMs: TIME_MS, ...terms });

describe("service tiers", () => {
  it.each(["default", "auto", "standard", "on_demand", "scale", "of-tomorrow", ""])(
    "%s is at the list price",
    (serviceTier) => {
      expect(price("openai", "gpt-5", { serviceTier }).totalNanoUsd).toBe(2_250_000);
    },
  );

  it.each(["ultrafast", "scale", "PROVISIONED_THROUGHPUT"])(
    "what the tier %s costs is not known: the list price, said to be part of it",
    (serviceTier) => {
      const { partial, totalNanoUsd } = price("openai", "gpt-4.1", { serviceTier });
      expect({ partial, totalNanoUsd }).toEqual({
        partial: true,
        totalNanoUsd: price("openai", "gpt-4.1", {}).totalNanoUsd,
      });
    },
  );

  it.each(["priority", "fast", "Priority"])(
    "OpenAI's priority is also called %s",
    (serviceTier) => {
      expect(price("openai", "gpt-5", { serviceTier }).totalNanoUsd).toBe(4_500_000);
    },
  );

  it.each([
    ["ON_DEMAND", 2_250_000],
    ["PROVISIONED_THROUGHPUT", 2_250_000],
    ["ON_DEMAND_FLEX", 1_125_000],
  ])("Vertex AI's %s costs %d", (serviceTier, nanoUsd) => {
    const cost = price("gcp.vertex_ai", "gemini-2.5-pro", { serviceTier });
    expect(cost.totalNanoUsd).toBe(nanoUsd);
  });

  it("a premium that is not known leaves the total partial, at the list price", () => {
    const cost = price("openai", "gpt-4o-realtime-preview", { serviceTier: "priority" });
    expect(cost).toMatchObject({ totalNanoUsd: 7_000_000, partial: true });
    expect(price("gcp.gemini", "gemini-2.5-pro", { serviceTier: "priority" }).partial).toBe(true);
    expect(price("anthropic", "claude-haiku-4-5", { speed: "fast" }).partial).toBe(true);
    expect(
      price("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", { serviceTier: "priority" })
        .partial,
    ).toBe(true);
  });

  it("a discount that is not known is none", () => {
    expect(price("deepseek", "deepseek-chat", { serviceTier: "batch" })).toEqual(
      price("deepseek", "deepseek-chat", {}),
    );
  });

  it("the tokens of other models in the answer have the same terms", () => {
    const additionalUsage = [{ model: "gpt-5-mini", usage: USAGE }];
    const cost = price("openai", "gpt-5", { serviceTier: "flex", additionalUsage });
    expect(cost.totalNanoUsd).toBe(1_125_000 + 225_000);
  });

  it("the long-context tier is scaled, too", () => {
    const usage = { inputTokens: 272_000, outputTokens: 0 };
    const call = { provider: "openai", model: "gpt-5.4", timeMs: TIME_MS, serviceTier: "flex" };
    expect(pricer.priceCall(usage, call).totalNanoUsd).toBe(272_000 * 2_500);
  });
});

const bound = (serviceTier?: string, model = "gpt-5") =>
  pricer.priceBound({
    provider: "openai",
    model,
    timeMs: TIME_MS,
    inputTokens: 1_000,
    outputTokens: 100,
    serviceTier,
  });

describe("the bound of a call", () => {
  it("contains the premium of the tier asked for", () => {
    expect(bound()).toBe(2_250_000);
    expect(bound("priority")).toBe(4_500_000);
  });

  it("is the list price for a cheaper tier, which may not be granted", () => {
    expect(bound("flex")).toBe(2_250_000);
  });

  it("is unknown for a premium that is", () => {
    expect(bound("priority", "gpt-4o-realtime-preview")).toBeUndefined();
  });
});

describe("places", () => {
  it.each([
    ["anthropic", "claude-opus-4-6", "eu", 7_500_000],
    ["anthropic", "claude-opus-4-6", "not_available", 7_500_000],
    ["anthropic", "claude-opus-4-6", "us", 8_250_000],
    ["gcp.vertex_ai", "claude-opus-4-6", "europe-west1", 8_250_000],
    ["gcp.vertex_ai", "gemini-2.5-pro", "europe-west1", 2_250_000],
    ["aws.bedrock", "anthropic.claude-opus-4-6-v1", "us-east-1", 8_250_000],
    ["openai", "gpt-4o", "us", 3_500_000],
    ["openai", "gpt-5.4", "us", 4_400_000],
  ])("%s %s in %s costs %d", (provider, model, region, nanoUsd) => {
    expect(price(provider, model, { region }).totalNanoUsd).toBe(nanoUsd);
  });
});
