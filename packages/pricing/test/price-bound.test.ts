import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";

const TIME_MS = Date.parse("2026-09-01T12:00:00Z");

describe("the bound of a call", () => {
  const pricer = createPricer();
  const bound = (provider: string, model: string, inputTokens: number, outputTokens: number) =>
    pricer.priceBound({ provider, model, timeMs: TIME_MS, inputTokens, outputTokens });

  it("takes every input token at the dearest class: a one-hour cache write", () => {
    expect(bound("anthropic", "claude-haiku-4-5", 1_000, 100)).toBe(2_000_000 + 500_000);
  });

  it("takes speech where that is dearest", () => {
    expect(bound("openai", "gpt-4o-realtime-preview", 1_000, 100)).toBe(40_000_000 + 8_000_000);
  });

  it("takes the dearest tier that the input can reach, for the output as well", () => {
    expect(bound("gcp.gen_ai", "gemini-2.5-pro", 200_000, 1)).toBe(250_000_000 + 10_000);
    expect(bound("gcp.gen_ai", "gemini-2.5-pro", 200_001, 1)).toBe(500_002_500 + 15_000);
  });

  it("contains the fee of the request", () => {
    expect(bound("perplexity", "sonar", 0, 0)).toBe(12_000_000);
  });

  it("is that of the input for a model without output", () => {
    expect(bound("openai", "text-embedding-3-small", 1_000, 0)).toBe(20_000);
  });

  it("is unknown for a model without a price", () => {
    expect(bound("openai", "nope", 1, 1)).toBeUndefined();
    expect(bound("openai", "whisper-1", 1, 1)).toBeUndefined();
  });

  it("is unknown when the tokens are", () => {
    expect(bound("openai", "gpt-4o", Number.NaN, 1)).toBeUndefined();
  });
});
