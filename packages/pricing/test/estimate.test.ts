import type { RequestFacts, ResponseFacts } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import {
  boundCall,
  createLearnedRatios,
  estimateCall,
  estimateUsage,
  type SizeRatios,
} from "../src/estimate/index.ts";
import { createPricer } from "../src/index.ts";

const pricer = createPricer();
const CALL = { provider: "openai", timeMs: Date.parse("2026-09-01T12:00:00Z") };
const FACTS: RequestFacts = {
  model: "gpt-4o-mini",
  streaming: false,
  maxOutputTokens: undefined,
  choices: 1,
  bodyBytes: 4_001,
  serviceTier: undefined,
  unboundable: undefined,
};
const ANSWER: ResponseFacts = {
  model: undefined,
  id: undefined,
  usage: undefined,
  additionalUsage: [],
  finishReasons: [],
  toolCalls: [],
  serviceTier: undefined,
  providerCostNanoUsd: undefined,
  errorType: undefined,
  complete: true,
  outputChars: 401,
  problems: [],
};

describe("what a call will probably need", () => {
  it("is a quarter of its bytes in, and a usual answer out", () => {
    expect(estimateCall(pricer, FACTS, CALL)).toEqual({
      inputTokens: 1_001,
      outputTokens: 1_024,
      tokens: 2_025,
      nanoUsd: 1_001 * 150 + 1_024 * 600,
    });
  });

  it("is not more output than the request allows", () => {
    const estimate = estimateCall(pricer, { ...FACTS, maxOutputTokens: 10 }, CALL);
    expect(estimate.outputTokens).toBe(10);
    const generous = estimateCall(pricer, { ...FACTS, maxOutputTokens: 100_000 }, CALL);
    expect(generous.outputTokens).toBe(1_024);
  });

  it("is as many answers as are asked for", () => {
    const estimate = estimateCall(pricer, { ...FACTS, maxOutputTokens: 10, choices: 3 }, CALL);
    expect(estimate.outputTokens).toBe(30);
  });

  it("has no output for embeddings", () => {
    const facts = { ...FACTS, model: "text-embedding-3-small" };
    expect(estimateCall(pricer, facts, { ...CALL, operation: "embeddings" })).toMatchObject({
      tokens: 1_001,
      nanoUsd: 20_020,
    });
  });

  it("has tokens but no price for an unknown model or none", () => {
    expect(estimateCall(pricer, { ...FACTS, model: "nope" }, CALL)).toMatchObject({
      nanoUsd: undefined,
      tokens: 2_025,
    });
    expect(estimateCall(pricer, { ...FACTS, model: undefined }, CALL).nanoUsd).toBeUndefined();
  });
});

describe("the most a call may need", () => {
  it("adds next to nothing when no tools are offered: nobody adds a prompt for them then", () => {
    const facts = { ...FACTS, maxOutputTokens: 100, offersTools: false };
    expect(boundCall(pricer, facts, CALL)).toMatchObject({ tokens: 4_001 + 32 + 100 });
  });

  it("is a token for every byte, what the provider adds, and the request's limit", () => {
    expect(boundCall(pricer, { ...FACTS, maxOutputTokens: 100 }, CALL)).toEqual({
      tokens: 4_001 + 1_024 + 100,
      nanoUsd: (4_001 + 1_024) * 150 + 100 * 600,
    });
  });

  it("takes the least of the request's limit and the policy's", () => {
    const facts = { ...FACTS, maxOutputTokens: 100 };
    const tokens = (maxOutputTokens: number) =>
      boundCall(pricer, facts, { ...CALL, maxOutputTokens });
    expect(tokens(50)).toMatchObject({ tokens: 4_001 + 1_024 + 50 });
    expect(tokens(500)).toMatchObject({ tokens: 4_001 + 1_024 + 100 });
  });

  it("takes the model's context window when nobody sets a limit", () => {
    expect(boundCall(pricer, FACTS, CALL)).toMatchObject({ tokens: 4_001 + 1_024 + 128_000 });
  });

  it("multiplies the output by the choices", () => {
    const facts = { ...FACTS, maxOutputTokens: 100, choices: 4 };
    expect(boundCall(pricer, facts, CALL)).toMatchObject({ tokens: 4_001 + 1_024 + 400 });
  });

  it("does not exist without any limit on the output", () => {
    expect(boundCall(pricer, { ...FACTS, model: "nope" }, CALL)).toEqual({
      unboundable: "no limit on output tokens: set max_tokens or the policy's maxOutputTokens",
    });
  });

  it("does not exist where the body does not bound the input", () => {
    const facts = { ...FACTS, maxOutputTokens: 1, unboundable: "previous_response_id" };
    expect(boundCall(pricer, facts, CALL)).toEqual({ unboundable: "previous_response_id" });
  });

  it("has tokens but no price for an unknown model", () => {
    const facts = { ...FACTS, model: "nope", maxOutputTokens: 1 };
    expect(boundCall(pricer, facts, CALL)).toEqual({ tokens: 5_026, nanoUsd: undefined });
  });

  it("has no output for embeddings", () => {
    const facts = { ...FACTS, model: "text-embedding-3-small" };
    const bound = boundCall(pricer, facts, { ...CALL, operation: "embeddings" });
    expect(bound).toEqual({ tokens: 5_025, nanoUsd: 5_025 * 20 });
  });
});

describe("counts for an answer that brought none", () => {
  it("are a quarter of the characters, rounded up", () => {
    expect(estimateUsage(FACTS, ANSWER)).toEqual({ inputTokens: 1_001, outputTokens: 101 });
  });

  it("keep what the provider did report", () => {
    const usage = { inputTokens: 7, outputTokens: undefined, cacheReadTokens: 3 };
    expect(estimateUsage(FACTS, { ...ANSWER, usage })).toEqual({
      inputTokens: 7,
      outputTokens: 101,
      cacheReadTokens: 3,
    });
  });
});

function learned(
  times: number,
  facts: RequestFacts = FACTS,
  answer: Partial<ResponseFacts> = {},
): SizeRatios {
  const ratios = createLearnedRatios();
  const usage = { inputTokens: 2_002, outputTokens: 404, reasoningTokens: 202 };
  for (let call = 0; call < times; call++) {
    ratios.learn("openai", facts, { ...ANSWER, usage, ...answer });
  }
  return ratios.ratiosOf("openai", "gpt-4o-mini");
}

describe("what finished calls teach", () => {
  it("are the tokens of a request's bytes and of an answer's characters, hidden reasoning left out", () => {
    const ratios = learned(200);
    expect(ratios.input).toBeCloseTo(2, 1);
    expect(ratios.output).toBeCloseTo(2, 1);
    const usage = estimateUsage(FACTS, ANSWER, ratios);
    expect(usage.inputTokens).toBeGreaterThan(1_950);
    expect(usage.outputTokens).toBeGreaterThan(195);
    expect(estimateCall(pricer, FACTS, CALL, ratios).inputTokens).toBe(usage.inputTokens);
  });

  it("nothing comes of broken answers, nor of what the body does not hold", () => {
    expect(learned(50, FACTS, { complete: false })).toEqual({ input: 1, output: 1 });
    expect(learned(50, FACTS, { usage: undefined })).toEqual({ input: 1, output: 1 });
    expect(learned(50, { ...FACTS, unboundable: "a file" }).input).toBe(1);
  });

  it("is kept apart by provider and model", () => {
    const ratios = createLearnedRatios();
    const usage = { inputTokens: 4_004, outputTokens: 1 };
    ratios.learn("openai", FACTS, { ...ANSWER, usage });
    expect(ratios.ratiosOf("anthropic", "claude-opus-4")).toEqual({ input: 1, output: 1 });
    expect(ratios.ratiosOf("openai", undefined)).toEqual({ input: 1, output: 1 });
  });
});
