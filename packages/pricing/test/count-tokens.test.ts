import fc from "fast-check";
import { countTokens as countAll } from "gpt-tokenizer/encoding/o200k_base";
import { beforeAll, describe, expect, it } from "vitest";
import { countTokens, createEstimator, loadTokenizer } from "../src/estimate/index.ts";
import { TEXTS } from "./texts.ts";

const asText = { disallowedSpecial: new Set<string>() };
const exact = (text: string): number => countAll(text, asText);

/** Guesses made before any test loads the tokenizer, which stays loaded. */
const guesses = Object.entries(TEXTS).map(
  ([name, text]) => [name, text, countTokens(text)] as const,
);
const oddGuesses = [countTokens(""), countTokens("a"), countTokens("abcde"), countTokens("好好")];

describe("without the tokenizer", () => {
  it("a quarter of the ASCII characters and three quarters of the others are counted", () => {
    expect(oddGuesses).toEqual([0, 1, 2, 2]);
  });

  it.each(guesses)("%s is guessed within 40 %", (_name, text, guess) => {
    expect(guess / exact(text)).toBeGreaterThan(0.6);
    expect(guess / exact(text)).toBeLessThan(1.4);
  });
});

describe("with the tokenizer", () => {
  beforeAll(loadTokenizer);

  it("says that it is there", async () => {
    expect(await loadTokenizer()).toBe(true);
  });

  it.each(Object.entries(TEXTS))("%s of 6,000 characters is counted", (_name, text) => {
    expect(Math.abs(countTokens(text) - exact(text))).toBeLessThanOrEqual(3);
  });

  it.each(Object.entries(TEXTS))("200,000 characters of %s are within 5 %%", (_name, text) => {
    const long = text.repeat(34);
    expect(countTokens(long) / exact(long)).toBeGreaterThan(0.95);
    expect(countTokens(long) / exact(long)).toBeLessThan(1.05);
  });

  it("a text whose halves differ is within 10 %", () => {
    const long = (TEXTS["English"] ?? "").repeat(20) + (TEXTS["Chinese"] ?? "").repeat(20);
    expect(countTokens(long) / exact(long)).toBeGreaterThan(0.9);
    expect(countTokens(long) / exact(long)).toBeLessThan(1.1);
  });

  it("control tokens in a text are text", () => {
    expect(countTokens("<|endoftext|>")).toBe(exact("<|endoftext|>"));
  });

  it("any text of up to 2,048 characters is counted exactly", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: "binary" }), (text) => {
        expect(countTokens(text)).toBe(exact(text));
      }),
    );
  });

  it("cuts add at most a few tokens to a text of words", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}[,.]?$/), {
      minLength: 400,
      maxLength: 900,
    });
    fc.assert(
      fc.property(words, (all) => {
        const text = all.join(" ");
        fc.pre(text.length <= 8_192);
        expect(countTokens(text)).toBe(exact(text));
      }),
      { numRuns: 30 },
    );
  });

  it("one run of a million letters takes no longer than its samples", () => {
    const startedAtMs = performance.now();
    expect(countTokens("x".repeat(1_000_000))).toBeGreaterThan(0);
    // Counted whole, it would take a quarter of an hour.
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });

  it("a pair of surrogates is never cut", () => {
    const faces = "😀".repeat(3_000);
    expect(Math.abs(countTokens(faces) - exact(faces))).toBeLessThanOrEqual(8);
  });

  it("a model's learned factor is taken", () => {
    const estimator = createEstimator();
    for (let call = 0; call < 200; call++) estimator.learn("claude-opus-4", 100, 150);
    const text = TEXTS["English"] ?? "";
    expect(countTokens(text, "claude-opus-4", estimator) / exact(text)).toBeCloseTo(1.5, 1);
    expect(countTokens(text, "gpt-5", estimator)).toBe(countTokens(text));
  });
});
