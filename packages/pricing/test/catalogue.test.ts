import { readFileSync } from "node:fs";
import { calcPrice, waitForUpdate } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { bundledCatalogue, openCatalogue } from "../src/catalogue.ts";
import { createPricer, type Catalogue } from "../src/index.ts";
import { compareWithCalculator } from "./agreement/agreement.ts";

const pricer = createPricer();

describe("against the catalogue's own calculator", () => {
  it("every model of every provider has the same price at all times, or a named reason", () => {
    const { models, disagreements } = compareWithCalculator();
    expect(models).toBeGreaterThan(1_600);
    expect(disagreements.filter(({ reason }) => reason === undefined)).toEqual([]);
    expect(disagreements.length).toBeLessThan(models / 5);
    const corrected = disagreements.filter(({ reason }) => reason === "a correction holds");
    expect(corrected.map(({ provider, model }) => `${provider} ${model}`).toSorted()).toEqual([
      "deepseek deepseek-chat",
      "deepseek deepseek-reasoner",
      "deepseek deepseek-v4-flash",
      "mistral mistral-small-latest",
      "openai gpt-4o-audio-preview",
      "openai gpt-4o-mini-audio-preview",
      "openrouter deepseek/deepseek-r1",
    ]);
    for (const { corrections } of corrected) expect(corrections.join()).toContain("https://");
  }, 60_000);

  it("more cached than input tokens make the calculator throw, and us charge both", () => {
    const theirs = { input_tokens: 10, cache_read_tokens: 1_000, output_tokens: 1 };
    expect(() => calcPrice(theirs, "gpt-4o", { providerId: "openai" })).toThrow(
      /cache_read|Missing|Invalid/i,
    );
    const usage = { inputTokens: 10, cacheReadTokens: 1_000, outputTokens: 1 };
    const cost = pricer.priceCall(usage, { provider: "openai", model: "gpt-4o", timeMs: 0 });
    expect(cost.parts).toEqual({ input: 25_000, cache_read: 1_250_000, output: 10_000 });
  });
});

describe("the bundled data", () => {
  const entry = new URL(import.meta.resolve("@pydantic/genai-prices"));

  it("is of the version of the installed package", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", entry), "utf8"));
    expect(manifest).toMatchObject({
      version: pricer.catalogueVersion.replace("genai-prices/", ""),
    });
  });

  it("has every provider of the package", async () => {
    const theirs = (await waitForUpdate()) ?? [];
    expect(bundledCatalogue.providers().map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
  });

  it("lists every model, and those of corrections", () => {
    const listed = pricer.listModels();
    expect(listed.length).toBeGreaterThan(1_694);
    expect(listed).toContainEqual({
      provider: "openai",
      model: "gpt-6.1-sol",
      name: undefined,
      contextWindow: 1_050_000,
      deprecated: false,
    });
  });
});

const given = (date: string): Catalogue => ({
  version: "prices/7",
  date,
  providers: [
    {
      id: "deepseek",
      models: [
        {
          id: "deepseek-chat",
          match: { equals: "deepseek-chat" },
          prices: { input_mtok: 9, output_mtok: -1, cache_read_mtok: Number.NaN },
        },
      ],
    },
  ],
});

describe("a catalogue of your own", () => {
  const call = { provider: "deepseek", model: "deepseek-chat", timeMs: Date.parse("2026-11-22") };
  const usage = { inputTokens: 1_000, outputTokens: 0 };

  it("beats the bundled one model by model, and names itself", () => {
    const own = createPricer({ catalogue: given("2026-12-01") });
    expect(own.catalogueVersion).toBe("prices/7");
    expect(own.priceCall(usage, call)).toEqual({
      totalNanoUsd: 9_000_000,
      parts: { input: 9_000_000 },
      priceSource: "catalogue",
      pricedModel: "deepseek-chat",
      match: "exact",
      catalogueVersion: "prices/7",
      catalogueDate: "2026-12-01",
    });
    const other = own.priceCall(usage, { ...call, model: "deepseek-v3.2" });
    expect(other.catalogueVersion).toBe("genai-prices/0.1.8");
  });

  it("is corrected only where it is older than the correction", () => {
    const older = createPricer({ catalogue: given("2026-11-21") }).priceCall(usage, call);
    expect(older.catalogueVersion).toBe("corrections/third-party/2026-11-22");
  });

  it("has no price where it says nonsense", () => {
    const own = createPricer({ catalogue: given("2026-12-01") });
    const cost = own.priceCall({ inputTokens: 1_000, outputTokens: 5 }, call);
    expect(cost).toMatchObject({ totalNanoUsd: 9_000_000, partial: true });
    expect(openCatalogue(given("2026-12-01")).providers()).toHaveLength(1);
  });
});
