import { describe, expect, it } from "vitest";
import { findPriceWarnings } from "../src/index.ts";

const fine = { provider: "openai", model: "gpt-4o", inputPerMtok: "2", outputPerMtok: "8" };

describe("prices that look like slips", () => {
  it("none for what may well be", () => {
    expect(findPriceWarnings([fine, { ...fine, model: "gpt-*" }])).toEqual([]);
    expect(findPriceWarnings([{ ...fine, inputPerMtok: 0, outputPerMtok: "0" }])).toEqual([]);
    expect(findPriceWarnings([{ ...fine, inputPerMtok: "2499", outputPerMtok: 0.011 }])).toEqual(
      [],
    );
  });

  it("a thousand times the list price, or a thousandth", () => {
    const warnings = findPriceWarnings([
      fine,
      { ...fine, inputPerMtok: 2_500, outputPerMtok: 0.01 },
    ]);
    expect(warnings).toEqual([
      {
        path: [1, "inputPerMtok"],
        message:
          "$2500 per million tokens is 1000 times the list price of $2.5; is the unit right?",
      },
      {
        path: [1, "outputPerMtok"],
        message: "$0.01 per million tokens is 1/1000 of the list price of $10; is the unit right?",
      },
    ]);
  });

  it("what is like no price, where there is none to compare with", () => {
    const own = { provider: "own", model: "*" };
    const warnings = findPriceWarnings([
      { ...own, inputPerMtok: 2_001, outputPerMtok: "0.00009" },
      { ...own, inputPerMtok: 2_000, outputPerMtok: "0.0001" },
    ]);
    expect(warnings.map(({ path }) => path)).toEqual([
      [0, "inputPerMtok"],
      [0, "outputPerMtok"],
    ]);
  });

  it("none for what the schema refuses", () => {
    expect(findPriceWarnings([{ ...fine, inputPerMtok: -1 }])).toEqual([]);
  });
});
