import { readFileSync } from "node:fs";
import { calcPrice, findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";

/** Providers with whole price lists, and the OpenTelemetry name they go by here. */
const PROVIDERS = [
  ["anthropic", "anthropic"],
  ["aws", "aws.bedrock"],
  ["azure", "azure.ai.openai"],
  ["cohere", "cohere"],
  ["deepseek", "deepseek"],
  ["fireworks", "fireworks"],
  ["google", "gcp.gen_ai"],
  ["groq", "groq"],
  ["mistral", "mistral_ai"],
  ["moonshotai", "moonshot_ai"],
  ["openai", "openai"],
  ["openrouter", "openrouter"],
  ["perplexity", "perplexity"],
  ["together", "together_ai"],
  ["x-ai", "x_ai"],
] as const;

const MODELS = PROVIDERS.flatMap(([id, provider]) =>
  (findProvider({ providerId: id })?.models ?? []).map((model) => ({
    id,
    provider,
    model: model.id,
  })),
);

describe("against the catalogue's own calculator", () => {
  const pricer = createPricer();
  const timeMs = Date.parse("2026-09-01T12:00:00Z");

  it("gives the same price for every model, to its floating-point error", () => {
    expect(MODELS.length).toBeGreaterThan(1_000);
    let compared = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.nat(400_000),
        fc.nat(100_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ id, provider, model }, inputTokens, outputTokens, readShare, writeShare) => {
          const cacheReadTokens = Math.floor(inputTokens * readShare);
          const writable = pricesWrites(id, model) ? inputTokens - cacheReadTokens : 0;
          const cacheWriteTokens = Math.floor(writable * writeShare);
          const theirs = calcPrice(
            {
              input_tokens: inputTokens,
              output_tokens: outputTokens,
              cache_read_tokens: cacheReadTokens,
              cache_write_tokens: cacheWriteTokens,
            },
            model,
            { providerId: id, timestamp: new Date(timeMs) },
          );
          const ours = pricer.priceCall(
            { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens },
            { provider, model, timeMs },
          );
          if (theirs === null || ours.totalNanoUsd === undefined || ours.partial) return;
          compared++;
          const theirNanoUsd = theirs.total_price * 1e9;
          expect(ours.totalNanoUsd).toBeGreaterThanOrEqual(theirNanoUsd * (1 - 1e-12));
          // Rounded up once, and six prices of a twelfth of a dollar rounded up to pico-USD.
          expect(ours.totalNanoUsd).toBeLessThanOrEqual(theirNanoUsd * (1 + 1e-5) + 1);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(compared).toBeGreaterThan(3_000);
  });

  it("says the version of the installed price data", () => {
    const entry = new URL(import.meta.resolve("@pydantic/genai-prices"));
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", entry), "utf8"));
    expect(manifest).toMatchObject({
      version: pricer.catalogueVersion.replace("genai-prices/", ""),
    });
  });
});

/** Where it does not, ours may add Anthropic's surcharge. */
function pricesWrites(id: string, model: string): boolean {
  const prices = calcPrice({}, model, { providerId: id })?.model_price;
  return prices?.["cache_write_mtok"] !== undefined || !model.includes("claude");
}
