import { describe, expect, it } from "vitest";
import {
  comparePrices,
  createPricer,
  getModelPricing,
  listModels,
  priceCall,
} from "../src/index.ts";

const TIME_MS = Date.parse("2026-11-20T12:00:00Z");
const USAGE = { inputTokens: 1_000, outputTokens: 100 };

const at = (timeMs: number, serviceTier?: string): string | undefined =>
  getModelPricing({ provider: "openai", model: "o3", timeMs, serviceTier })?.tiers[0]?.usdPerMtok
    .inputPerMtok;

describe("the prices of a model", () => {
  it("are decimal numbers in the keys of an override", () => {
    const asked = { provider: "openai", model: "gpt-6.1-sol", timeMs: TIME_MS };
    const pricing = getModelPricing(asked);
    expect(pricing).toMatchObject({
      provider: "openai",
      model: "gpt-6.1-sol",
      priceSource: "catalogue",
      match: "exact",
      catalogueVersion: "corrections/third-party/2026-11-22",
      catalogueDate: "2026-11-22",
      contextWindow: 1_050_000,
      tierMode: "request",
      usdPerUnit: { perWebSearch: "0.01", perFileSearch: "0.0025" },
    });
    expect(pricing?.tiers).toMatchObject([
      { aboveInputTokens: undefined, usdPerMtok: { inputPerMtok: "2", cacheReadPerMtok: "0.1" } },
      { aboveInputTokens: 272_000, usdPerMtok: { outputPerMtok: "15" } },
    ]);
  });

  it("are those of the terms and the time", () => {
    expect(at(Date.parse("2025-06-09"))).toBe("10");
    expect(at(TIME_MS)).toBe("2");
    expect(at(TIME_MS, "priority")).toBe("3.5");
  });

  it("are none for a model that has none", () => {
    expect(getModelPricing({ provider: "openai", model: "nope" })).toBeUndefined();
  });

  it("are the override's where there is one", () => {
    const override = { provider: "own", model: "*", inputPerMtok: 1, outputPerMtok: 2, perPage: 1 };
    const book = createPricer({ overrides: [override] });
    expect(book.getModelPricing({ provider: "own", model: "x" })).toMatchObject({
      priceSource: "override",
      usdPerUnit: { perPage: "1" },
    });
  });
});

describe("what it would have cost", () => {
  it("the cheapest comes first, what has no price last", () => {
    const models = [
      { provider: "anthropic", model: "claude-opus-4-5" },
      { provider: "nobody", model: "nothing" },
      { provider: "openai", model: "gpt-5" },
      { provider: "openai", model: "gpt-5", serviceTier: "flex" },
    ].map((model) => ({ ...model, timeMs: TIME_MS }));
    const compared = comparePrices(USAGE, models);
    expect(compared.map(({ model, cost }) => [model, cost.totalNanoUsd])).toEqual([
      ["gpt-5", 1_125_000],
      ["gpt-5", 2_250_000],
      ["claude-opus-4-5", 7_500_000],
      ["nothing", undefined],
    ]);
  });

  it("is now, unless a time is given", () => {
    const [compared] = comparePrices(USAGE, [{ provider: "openai", model: "gpt-4o" }]);
    expect(compared?.cost.totalNanoUsd).toBe(3_500_000);
  });
});

describe("without a pricer of one's own", () => {
  it("calls are priced by the bundled catalogue", () => {
    const call = { provider: "openai", model: "gpt-4o", timeMs: TIME_MS };
    expect(priceCall(USAGE, call)).toEqual(createPricer().priceCall(USAGE, call));
  });

  it("all models are listed, each once, provider by provider", () => {
    const names = listModels().map(({ provider, model }) => `${provider} ${model}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("anthropic claude-haiku-5-5");
    const providers = listModels().map(({ provider }) => provider);
    expect(providers).toEqual(providers.toSorted());
  });
});
