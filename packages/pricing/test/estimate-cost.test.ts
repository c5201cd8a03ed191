import { isTollgateError } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { countTokens, createEstimator, estimateCost } from "../src/estimate/index.ts";
import { createPricer } from "../src/index.ts";

const pricer = createPricer();
const CALL = {
  provider: "openai",
  model: "gpt-4o-mini",
  timeMs: Date.parse("2026-09-01T12:00:00Z"),
};

describe("the cost of a planned call", () => {
  it("is that of its input and a usual answer, and of all that the limit allows", () => {
    expect(estimateCost(pricer, { ...CALL, inputTokens: 1_000, maxOutputTokens: 4_000 })).toEqual({
      inputTokens: 1_000,
      outputTokens: 1_024,
      nanoUsd: 1_000 * 150 + 1_024 * 600,
      nanoUsdAtLimit: 1_000 * 150 + 4_000 * 600,
    });
  });

  it("counts a text, with what was learned of the model", () => {
    const inputText = "How much would this be?".repeat(20);
    const estimator = createEstimator({ initialFactor: 2 });
    const estimate = estimateCost(pricer, { ...CALL, inputText });
    expect(estimate).toMatchObject({
      inputTokens: countTokens(inputText),
      nanoUsdAtLimit: undefined,
    });
    expect(estimateCost(pricer, { ...CALL, inputText, estimator }).inputTokens).toBe(
      Math.ceil(2 * (inputText.length / 4)),
    );
  });

  it("is unknown, not zero, for a model without a price", () => {
    const estimate = estimateCost(pricer, {
      ...CALL,
      model: "nope",
      inputTokens: 10,
      maxOutputTokens: 5,
    });
    expect(estimate).toEqual({
      inputTokens: 10,
      outputTokens: 5,
      nanoUsd: undefined,
      nanoUsdAtLimit: undefined,
    });
  });

  it.each([
    [{}, "neither inputText nor inputTokens"],
    [{ inputTokens: -1 }, "inputTokens is -1"],
    [{ inputTokens: 1.5 }, "inputTokens is 1.5"],
    [{ inputTokens: 1, maxOutputTokens: Number.NaN }, "maxOutputTokens is NaN"],
  ])("%j is refused with what to write instead", (wrong, message) => {
    let caught: unknown;
    try {
      estimateCost(pricer, { ...CALL, ...wrong });
    } catch (error) {
      caught = error;
    }
    expect(isTollgateError(caught)).toBe(true);
    expect(String(caught)).toContain(message);
  });
});
