import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatUsd, MAX_NANO_USD, nanoUsdToUsd, usdToNanoUsd } from "../src/index.ts";

describe("usdToNanoUsd", () => {
  test.each([
    [0, 0],
    [0.1, 100_000_000],
    [0.7, 700_000_000],
    [1.1, 1_100_000_000],
    [0.000_000_001, 1],
    [9_000_000, 9_000_000_000_000_000],
  ])("takes the digits a person wrote: %d USD", (usd, nanoUsd) => {
    expect(usdToNanoUsd(usd)).toBe(nanoUsd);
  });

  test("rounds a fraction of a nano-dollar up", () => {
    expect(usdToNanoUsd(0.000_000_000_1)).toBe(1);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300])("refuses %d", (usd) => {
    expect(() => usdToNanoUsd(usd)).toThrow(RangeError);
  });

  test("keeps every amount with nine decimals up to a thousand dollars", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (nanoUsd) => {
        expect(usdToNanoUsd(nanoUsdToUsd(nanoUsd))).toBe(nanoUsd);
      }),
    );
  });

  test("knows the largest exact amount", () => {
    expect(MAX_NANO_USD).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("formatUsd", () => {
  test.each([
    [0, "$0.00"],
    [1_234_500_000, "$1.23"],
    [12_000_000, "$0.01200"],
    [1_235_400, "$0.001235"],
    [-2_500_000_000, "-$2.50"],
    [1, "$0.000000001"],
  ])("%d nano-USD reads %s", (nanoUsd, text) => {
    expect(formatUsd(nanoUsd)).toBe(text);
  });
});
