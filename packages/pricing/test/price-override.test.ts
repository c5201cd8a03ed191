import { isTollgateError } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { createPricer, type PriceOverride } from "../src/index.ts";

const TIME_MS = Date.parse("2026-09-01T12:00:00Z");
const USAGE = { inputTokens: 1_000, outputTokens: 100 };

function priceWith(overrides: readonly PriceOverride[], provider: string, model: string) {
  return createPricer({ overrides }).priceCall(USAGE, { provider, model, timeMs: TIME_MS });
}

describe("an override", () => {
  const contract: PriceOverride = {
    provider: "openai",
    model: "gpt-4o-mini",
    inputPerMtok: 0.1,
    outputPerMtok: "0.50",
  };

  it("beats the catalogue", () => {
    expect(priceWith([contract], "openai", "gpt-4o-mini")).toEqual({
      totalNanoUsd: 150_000,
      parts: { input: 100_000, output: 50_000 },
      priceSource: "override",
      pricedModel: "gpt-4o-mini",
      match: "override",
    });
  });

  it("leaves other models and other providers alone", () => {
    expect(priceWith([contract], "openai", "gpt-4o-mini-2024-07-18").priceSource).toBe("catalogue");
    expect(priceWith([contract], "azure.ai.openai", "gpt-4o-mini").priceSource).toBe("catalogue");
  });

  it("prices models and providers that no catalogue knows", () => {
    const own = { ...contract, provider: "vllm", model: "llama" };
    expect(priceWith([own], "vllm", "Llama").totalNanoUsd).toBe(150_000);
  });

  it("of several that match, the last counts", () => {
    const later = { ...contract, model: "gpt-*", inputPerMtok: 1, outputPerMtok: 1 };
    expect(priceWith([contract, later], "openai", "gpt-4o-mini").totalNanoUsd).toBe(1_100_000);
    expect(priceWith([later, contract], "openai", "gpt-4o-mini").totalNanoUsd).toBe(150_000);
  });

  it("knows a provider by its OpenTelemetry name and by the catalogue's", () => {
    const azure = { ...contract, provider: "azure" };
    expect(priceWith([azure], "azure.ai.openai", "gpt-4o-mini").priceSource).toBe("override");
  });

  it.each([
    ["*", "anything", true],
    ["gpt-4*", "gpt-4o-mini", true],
    ["*-mini", "gpt-4o-mini", true],
    ["*4o*", "gpt-4o-mini", true],
    ["gpt-*-mini", "gpt-4o-mini", true],
    ["ft:*:acme:*", "ft:gpt-4o:acme:x:1", true],
    ["gpt-4o", "gpt-4o-mini", false],
    ["4o*", "gpt-4o-mini", false],
    ["*4o", "gpt-4o-mini", false],
    ["gpt-4o-mini*gpt-4o-mini", "gpt-4o-mini", false],
    ["a*a", "a", false],
    ["gpt.4o", "gpt-4o", false],
  ])("pattern %s on %s: %s", (model, requested, matches) => {
    const cost = priceWith([{ ...contract, provider: "own", model }], "own", requested);
    expect(cost.priceSource).toBe(matches ? "override" : "unpriced");
  });

  it("prices cached tokens as input unless it says otherwise", () => {
    const usage = {
      inputTokens: 600,
      cacheReadTokens: 200,
      cacheWriteTokens: 300,
      cacheWrite1hTokens: 100,
      outputTokens: 0,
    };
    const call = { provider: "own", model: "m", timeMs: TIME_MS };
    const bare = { provider: "own", model: "m", inputPerMtok: 1, outputPerMtok: 1 };
    const full = { ...bare, cacheReadPerMtok: 0.1, cacheWritePerMtok: 1.5, cacheWrite1hPerMtok: 3 };
    expect(createPricer({ overrides: [bare] }).priceCall(usage, call).totalNanoUsd).toBe(600_000);
    expect(createPricer({ overrides: [full] }).priceCall(usage, call).parts).toEqual({
      input: 100_000,
      cache_read: 20_000,
      cache_write: 300_000,
      cache_write_1h: 300_000,
    });
  });

  it("adds its fee per request", () => {
    const cost = priceWith([{ ...contract, perRequest: "0.001" }], "openai", "gpt-4o-mini");
    expect(cost.parts.request).toBe(1_000_000);
  });

  it("may be free", () => {
    const free = { provider: "ollama", model: "*", inputPerMtok: 0, outputPerMtok: "0" };
    expect(priceWith([free], "ollama", "llama3")).toMatchObject({ totalNanoUsd: 0 });
  });
});

/** What creating a pricer over foreign data says. */
function refusal(overrides: readonly object[]): string {
  try {
    // @ts-expect-error foreign data: what a file or a caller without types may hold
    createPricer({ overrides });
  } catch (error) {
    if (isTollgateError(error) && error.code === "TOLLGATE_CONFIG_INVALID") return error.message;
    throw error;
  }
  return "accepted";
}

describe("a nonsense price list is refused", () => {
  const good: PriceOverride = { provider: "p", model: "m", inputPerMtok: 1, outputPerMtok: 1 };
  it("accepts sense", () => {
    expect(refusal([good])).toBe("accepted");
  });

  it.each([
    [
      "a negative price",
      { inputPerMtok: -1 },
      "overrides[1].inputPerMtok: use US dollars per million tokens",
    ],
    [
      "a price that is no number",
      { outputPerMtok: Number.NaN },
      "overrides[1].outputPerMtok: use US dollars",
    ],
    ["an endless price", { outputPerMtok: Infinity }, "overrides[1].outputPerMtok: use US dollars"],
    ["a price in words", { inputPerMtok: "cheap" }, "overrides[1].inputPerMtok: use US dollars"],
    ["an empty price", { inputPerMtok: "" }, "overrides[1].inputPerMtok: use US dollars"],
    ["a price with its sign", { inputPerMtok: "$3" }, "overrides[1].inputPerMtok: use US dollars"],
    ["hexadecimal", { inputPerMtok: "0x10" }, "overrides[1].inputPerMtok: use US dollars"],
    ["no price", { inputPerMtok: undefined }, "overrides[1].inputPerMtok: use US dollars"],
    [
      "a price per token times a billion",
      { inputPerMtok: 2_500_000 },
      "overrides[1].inputPerMtok: more than $100000 per million tokens is absurd; did you mean US dollars per million tokens?",
    ],
    [
      "more decimals than arithmetic keeps",
      { inputPerMtok: 0.123_456_7 },
      "overrides[1].inputPerMtok: use at most 6 decimals",
    ],
    [
      "more decimals in text",
      { inputPerMtok: "3.0000000000000000001" },
      "overrides[1].inputPerMtok: use at most 6 decimals",
    ],
    [
      "an absurd fee",
      { perRequest: 1_000_000 },
      "overrides[1].perRequest: more than $1000 per request is absurd",
    ],
    ["an empty model", { model: "" }, "overrides[1].model: name the model"],
    [
      "a misspelt key",
      { inputPerMTok: 3 },
      "overrides[1].inputPerMTok: unknown key; the keys are provider, model, inputPerMtok",
    ],
  ])("%s", (_what, mistake, message) => {
    expect(refusal([good, { ...good, ...mistake }])).toContain(message);
  });

  it.each([
    [{ discountPercent: 101 }, "overrides[0].discountPercent: use per cent from 0 to 100"],
    [{ discountPercent: "-1" }, "overrides[0].discountPercent: use per cent from 0 to 100"],
    [{ discountPercent: Number.NaN }, "overrides[0].discountPercent: use per cent from 0 to 100"],
    [{ effectiveFrom: "2026-02-30" }, "overrides[0].effectiveFrom: write a day or a moment"],
    [{ effectiveFrom: "tomorrow" }, "overrides[0].effectiveFrom: write a day or a moment"],
    [
      { effectiveFrom: "2026-02-01", effectiveUntil: "2026-02-01" },
      "overrides[0].effectiveUntil: it must be later than effectiveFrom",
    ],
    [
      { tiers: [{ aboveInputTokens: -1 }] },
      "overrides[0].tiers[0].aboveInputTokens: use a whole number of tokens",
    ],
    [
      { tiers: [{ aboveInputTokens: 1 }, { aboveInputTokens: 1 }] },
      "overrides[0].tiers: two tiers begin above the same number of tokens",
    ],
    [
      { selfHosted: { usdPerGpuHour: 1, tokensPerSecond: 0 } },
      "overrides[0].selfHosted.tokensPerSecond: use a number of tokens per second above 0",
    ],
    [
      { selfHosted: { usdPerGpuHour: 1, tokensPerSecond: 1 } },
      "overrides[0].selfHosted: its prices follow from the hour",
    ],
    [
      { perWebSearch: 1_001 },
      "overrides[0].perWebSearch: more than $1000 per web search is absurd",
    ],
    [{ serviceTier: "turbo" }, "overrides[0].serviceTier: "],
  ])("%j", (mistake, message) => {
    expect(refusal([{ ...good, ...mistake }])).toContain(message);
  });

  it("needs both prices of tokens as soon as it has one, and some price at all", () => {
    expect(refusal([{ provider: "p", model: "m" }])).toContain("overrides[0].inputPerMtok: use US");
    expect(refusal([{ provider: "p", model: "m", perPage: 1, cacheReadPerMtok: 1 }])).toContain(
      "overrides[0].outputPerMtok: use US",
    );
    expect(refusal([{ provider: "p", model: "m", perPage: 1 }])).toBe("accepted");
  });

  it("names every mistake", () => {
    const message = refusal([{ ...good, inputPerMtok: -1, outputPerMtok: -1 }]);
    expect(message).toContain("overrides[0].inputPerMtok");
    expect(message).toContain("overrides[0].outputPerMtok");
  });

  it("accepts the largest sensible price and trailing zeros", () => {
    expect(refusal([{ ...good, inputPerMtok: 100_000, outputPerMtok: "2.5000000000" }])).toBe(
      "accepted",
    );
    expect(refusal([{ ...good, inputPerMtok: 0.000_001, perRequest: 1e-9 }])).toBe("accepted");
  });
});
