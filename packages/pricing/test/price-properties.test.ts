import { type TokenUsage } from "@tollgate/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";

const MODELS = [
  ["openai", "gpt-4o-mini"],
  ["openai", "gpt-5.4"],
  ["openai", "gpt-4o-realtime-preview"],
  ["openai", "gpt-image-1.5"],
  ["anthropic", "claude-sonnet-4-5"],
  ["anthropic", "claude-opus-4-6"],
  ["aws.bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["gcp.gen_ai", "gemini-2.5-pro"],
  ["gcp.gen_ai", "gemini-1.5-flash"],
  ["gcp.gen_ai", "gemini-2.5-flash"],
  ["cohere", "command-r7b"],
  ["deepseek", "deepseek-v4-pro"],
  ["perplexity", "sonar-deep-research"],
  ["perplexity", "sonar-pro"],
  ["own", "fine"],
  ["own", "marginal"],
  ["own", "hosted"],
  ["azure", "gpt-5"],
  ["openai", "gpt-6.1-sol"],
  ["anthropic", "claude-haiku-5-5"],
  ["deepseek", "deepseek-chat"],
  ["gcp.gen_ai", "gemini-embedding-2"],
] as const;

const terms = fc.record({
  serviceTier: fc.constantFrom(undefined, "default", "batch", "flex", "priority"),
  speed: fc.constantFrom(undefined, "standard", "fast"),
  region: fc.constantFrom(undefined, "global", "us", "europe-west1"),
});

const pricer = createPricer({
  overrides: [
    {
      provider: "own",
      model: "fine",
      inputPerMtok: "0.000001",
      outputPerMtok: "12.345678",
      cacheReadPerMtok: "0.333333",
      cacheWritePerMtok: 99_999.999999,
      perRequest: "0.000000001",
    },
    {
      provider: "own",
      model: "marginal",
      inputPerMtok: "1",
      outputPerMtok: "2",
      cacheReadPerMtok: "0.25",
      cacheWritePerMtok: "1.25",
      tierMode: "marginal",
      tiers: [
        { aboveInputTokens: 32_000, inputPerMtok: "2", cacheWritePerMtok: "2.5" },
        { aboveInputTokens: 200_000, inputPerMtok: "2.5", cacheWritePerMtok: "3.125" },
      ],
    },
    { provider: "azure", model: "gpt-5", discountPercent: "7.25" },
    {
      provider: "own",
      model: "hosted",
      selfHosted: { usdPerGpuHour: "2.49", gpus: 8, tokensPerSecond: 3_333 },
    },
  ],
});

const model = fc.constantFrom(...MODELS);
const timeMs = fc
  .date({ min: new Date("2025-01-01"), max: new Date("2027-12-31"), noInvalidDate: true })
  .map(Number);

/** Usage whose parts fit in their totals, within the given totals. */
function usageWithin(maxInput: number, maxOutput: number): fc.Arbitrary<TokenUsage> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  return fc
    .record({
      input: fc.nat(maxInput),
      output: fc.nat(maxOutput),
      shares: fc.tuple(share, share, share, share, share, share, share, share),
    })
    .map(({ input, output, shares: [read, write, hour, speech, image, thought, said, drawn] }) => {
      const cacheReadTokens = Math.floor(input * read);
      const cacheWriteTokens = Math.floor((input - cacheReadTokens) * write);
      const audioInputTokens = Math.floor(input * speech);
      const reasoningTokens = Math.floor(output * thought);
      const audioOutputTokens = Math.floor((output - reasoningTokens) * said);
      return {
        inputTokens: input,
        outputTokens: output,
        cacheReadTokens,
        cacheWriteTokens,
        cacheWrite1hTokens: Math.floor(cacheWriteTokens * hour),
        audioInputTokens,
        imageInputTokens: Math.floor((input - audioInputTokens) * image),
        reasoningTokens,
        audioOutputTokens,
        imageOutputTokens: Math.floor((output - reasoningTokens - audioOutputTokens) * drawn),
      };
    });
}

const anything = fc.oneof(
  fc.nat(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(undefined, Number.NaN, Infinity, -Infinity, 0.5, Number.MAX_VALUE),
);
const nonsense: fc.Arbitrary<TokenUsage> = fc.record({
  inputTokens: anything,
  outputTokens: anything,
  cacheReadTokens: anything,
  cacheWriteTokens: anything,
  cacheWrite1hTokens: anything,
  reasoningTokens: anything,
  audioInputTokens: anything,
  audioOutputTokens: anything,
  imageInputTokens: anything,
  imageOutputTokens: anything,
  videoInputTokens: anything,
  webSearchRequests: anything,
  fileSearchRequests: anything,
  codeExecutionSessions: anything,
  audioSeconds: anything,
  inputCharacters: anything,
  inputPages: anything,
  outputImages: anything,
  searchUnits: anything,
});

function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function total(cost: { totalNanoUsd: number | undefined }): number {
  // A model may have had no price yet.
  return cost.totalNanoUsd ?? 0;
}

describe("for all usage", () => {
  it("whatever is reported, the price is a whole amount whose parts are whole and add up to it", () => {
    fc.assert(
      fc.property(
        model,
        timeMs,
        nonsense,
        fc.option(nonsense, { nil: undefined }),
        anything,
        terms,
        ([provider, name], at, usage, more, providerCostNanoUsd, asked) => {
          const cost = pricer.priceCall(usage, {
            ...asked,
            provider,
            model: name,
            timeMs: at,
            providerCostNanoUsd,
            additionalUsage: more && [{ model: name, usage: more }],
          });
          const parts = Object.values(cost.parts);
          expect(parts.every(isAmount)).toBe(true);
          expect(isAmount(cost.totalNanoUsd ?? 0)).toBe(true);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(cost.totalNanoUsd ?? 0);
          expect(cost.priceSource === "unpriced").toBe(cost.totalNanoUsd === undefined);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("more tokens never cost less", () => {
    fc.assert(
      fc.property(
        model,
        timeMs,
        usageWithin(300_000, 50_000),
        fc.nat(300_000),
        fc.nat(50_000),
        terms,
        ([provider, name], at, usage, moreInput, moreOutput, asked) => {
          const call = { provider, model: name, timeMs: at, ...asked };
          const dearer = {
            ...usage,
            inputTokens: (usage.inputTokens ?? 0) + moreInput,
            outputTokens: (usage.outputTokens ?? 0) + moreOutput,
          };
          expect(total(pricer.priceCall(dearer, call))).toBeGreaterThanOrEqual(
            total(pricer.priceCall(usage, call)),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("more of anything never costs less", () => {
    // What moves tokens to a cheaper class is not more: cache reads.
    const counts = [
      "inputTokens",
      "outputTokens",
      "cacheWriteTokens",
      "cacheWrite1hTokens",
      "reasoningTokens",
      "audioOutputTokens",
      "imageOutputTokens",
      "webSearchRequests",
      "fileSearchRequests",
      "codeExecutionSessions",
    ] as const satisfies readonly (keyof TokenUsage)[];
    const dearerClasses = fc.constantFrom(
      ["anthropic", "claude-sonnet-4-5"] as const,
      ["anthropic", "claude-opus-4-6"] as const,
      ["openai", "gpt-5.6-terra"] as const,
      ["own", "marginal"] as const,
    );
    fc.assert(
      fc.property(
        dearerClasses,
        timeMs,
        terms,
        usageWithin(300_000, 50_000),
        fc.constantFrom(...counts),
        fc.nat(100_000),
        ([provider, name], at, asked, usage, key, more) => {
          const call = { provider, model: name, timeMs: at, ...asked };
          // Writes stay within what was not read: else they are charged on top, which is more still.
          const dearer = { ...usage, [key]: (usage[key] ?? 0) + more };
          expect(total(pricer.priceCall(dearer, call))).toBeGreaterThanOrEqual(
            total(pricer.priceCall(usage, call)),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("two usages on one invoice cost what they cost apart, but for one rounding", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          ...MODELS.filter(([provider, name]) => provider !== "perplexity" && name !== "fine"),
        ),
        timeMs,
        usageWithin(300_000, 50_000),
        usageWithin(300_000, 50_000),
        terms,
        ([provider, name], at, usage, more, asked) => {
          const call = { provider, model: name, timeMs: at, ...asked };
          const together = total(
            pricer.priceCall(usage, { ...call, additionalUsage: [{ model: name, usage: more }] }),
          );
          const apart = total(pricer.priceCall(usage, call)) + total(pricer.priceCall(more, call));
          expect(apart - together).toBeGreaterThanOrEqual(0);
          expect(apart - together).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is exact where products leave the safe integers", () => {
    fc.assert(
      fc.property(fc.nat(50_000_000), fc.nat(50_000_000), (read, output) => {
        const usage = { inputTokens: read, cacheReadTokens: read, outputTokens: output };
        const cost = pricer.priceCall(usage, { provider: "own", model: "fine", timeMs: 0 });
        const picoUsd = BigInt(read) * 333_333n + BigInt(output) * 12_345_678n + 1_000n;
        expect(BigInt(total(cost))).toBe((picoUsd + 999n) / 1000n);
      }),
    );
  });
});

describe("for all bounds", () => {
  it("no call within the bounded tokens costs more", () => {
    fc.assert(
      fc.property(
        model,
        timeMs,
        fc.tuple(fc.nat(600_000), fc.nat(100_000)).chain(([inputTokens, outputTokens]) =>
          fc.record({
            inputTokens: fc.constant(inputTokens),
            outputTokens: fc.constant(outputTokens),
            usage: usageWithin(inputTokens, outputTokens),
          }),
        ),
        terms,
        ([provider, name], at, { inputTokens, outputTokens, usage }, asked) => {
          const bound = pricer.priceBound({
            ...asked,
            provider,
            model: name,
            timeMs: at,
            inputTokens,
            outputTokens,
          });
          const call = { provider, model: name, timeMs: at };
          const cost = pricer.priceCall(usage, { ...call, ...asked });
          // There is none where the premium is not known, or where there is no price yet.
          if (bound === undefined) return;
          expect(bound).toBeGreaterThanOrEqual(total(cost));
          expect(bound).toBeGreaterThanOrEqual(total(pricer.priceCall(usage, call)));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
