import { isTollgateError, type TokenUsage } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { createPricer, priceOverrideSchema, type PriceOverride } from "../src/index.ts";

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

describe("what an override can say", () => {
  const own = { provider: "own", model: "m", inputPerMtok: "1", outputPerMtok: "2" };
  const call = { provider: "own", model: "m", timeMs: TIME_MS };
  const priced = (override: PriceOverride, usage: TokenUsage) =>
    createPricer({ overrides: [override] }).priceCall(usage, call);

  it("a price for every kind of token", () => {
    const override = {
      ...own,
      cacheReadPerMtok: "3",
      reasoningPerMtok: "4",
      audioInputPerMtok: "5",
      audioCacheReadPerMtok: "6",
      audioOutputPerMtok: "7",
      imageInputPerMtok: "8",
      imageCacheReadPerMtok: "9",
      imageOutputPerMtok: "10",
      videoInputPerMtok: "11",
    };
    const usage = {
      inputTokens: 1_000,
      audioInputTokens: 200,
      imageInputTokens: 100,
      videoInputTokens: 50,
      outputTokens: 100,
      reasoningTokens: 10,
      audioOutputTokens: 20,
      imageOutputTokens: 30,
    };
    expect(priced(override, usage).parts).toEqual({
      input: 650_000 + 550_000,
      audio_input: 1_000_000,
      image_input: 800_000,
      output: 80_000 + 40_000,
      audio_output: 140_000,
      image_output: 300_000,
    });
    const cached = { ...usage, cacheReadTokens: 1_000 };
    expect(priced(override, cached).parts.cache_read).toBe(1_200_000 + 900_000 + 2_100_000);
  });

  it.each([
    ["perWebSearch", { webSearchRequests: 3 }, "tool"],
    ["perFileSearch", { fileSearchRequests: 3 }, "tool"],
    ["perCodeExecution", { codeExecutionSessions: 3 }, "tool"],
    ["perSearchUnit", { searchUnits: 3 }, "request"],
    ["perImage", { outputImages: 3 }, "image_output"],
    ["perAudioHour", { audioSeconds: 3 * 3_600 }, "audio_input"],
    ["perMillionCharacters", { inputCharacters: 3_000_000 }, "input"],
    ["perPage", { inputPages: 3 }, "input"],
  ])("a fee: %s", (key, units, part) => {
    const override = { provider: "own", model: "m", [key]: "0.002" };
    const usage = { inputTokens: undefined, outputTokens: undefined, ...units };
    expect(priced(override, usage).parts).toEqual({ [part]: 6_000_000 });
    expect(createPricer().priceCall(usage, call).priceSource).toBe("unpriced");
  });

  it("tiers for the whole request, in any order, that inherit what they leave out", () => {
    const override: PriceOverride = {
      ...own,
      cacheReadPerMtok: "0.1",
      tiers: [
        { aboveInputTokens: 2_000, inputPerMtok: "3" },
        { aboveInputTokens: 1_000, inputPerMtok: "2", outputPerMtok: "4" },
      ],
    };
    const total = (inputTokens: number) =>
      priced(override, { inputTokens, outputTokens: 1 }).totalNanoUsd;
    expect([1_000, 1_001, 2_000, 2_001].map(total)).toEqual([
      1_000_000 + 2_000,
      2_002_000 + 4_000,
      4_000_000 + 4_000,
      6_003_000 + 4_000,
    ]);
  });

  it("marginal tiers: each token at the price of its place, what is cached first", () => {
    const override: PriceOverride = {
      ...own,
      cacheReadPerMtok: "0.1",
      tierMode: "marginal",
      tiers: [{ aboveInputTokens: 1_000, inputPerMtok: "2", cacheReadPerMtok: "0.2" }],
    };
    const parts = (inputTokens: number, cacheReadTokens: number) =>
      priced(override, { inputTokens, cacheReadTokens, outputTokens: 0 }).parts;
    expect(parts(999, 0)).toEqual({ input: 999_000 });
    expect(parts(1_000, 0)).toEqual({ input: 1_000_000 });
    expect(parts(1_001, 0)).toEqual({ input: 1_002_000 });
    expect(parts(3_000, 500)).toEqual({ cache_read: 50_000, input: 500_000 + 4_000_000 });
    expect(parts(3_000, 1_500)).toEqual({ cache_read: 100_000 + 100_000, input: 3_000_000 });
  });

  it("from when until when it holds; the list price before and after", () => {
    const contract = {
      provider: "openai",
      model: "gpt-4o",
      inputPerMtok: "1",
      outputPerMtok: "1",
      effectiveFrom: "2026-01-01",
      effectiveUntil: "2026-07-01T12:00:00+02:00",
    };
    const book = createPricer({ overrides: [contract] });
    const source = (time: string) =>
      book.priceCall(USAGE, { provider: "openai", model: "gpt-4o", timeMs: Date.parse(time) })
        .priceSource;
    expect(source("2025-12-31T23:59:59.999Z")).toBe("catalogue");
    expect(source("2026-01-01T00:00:00.000Z")).toBe("override");
    expect(source("2026-07-01T09:59:59.999Z")).toBe("override");
    expect(source("2026-07-01T10:00:00.000Z")).toBe("catalogue");
  });

  it("a discount off the list price, whatever its tiers, terms and fees", () => {
    const contract = { provider: "openai", model: "gpt-5*", discountPercent: "12.5" };
    const book = createPricer({ overrides: [contract] });
    const cost = (serviceTier?: string) =>
      book.priceCall(
        { ...USAGE, webSearchRequests: 1 },
        { provider: "openai", model: "gpt-5", timeMs: TIME_MS, serviceTier },
      );
    expect(cost()).toMatchObject({
      parts: { input: 1_093_750, output: 875_000, tool: 8_750_000 },
      priceSource: "override",
      pricedModel: "gpt-5*",
      match: "override",
    });
    expect(cost("flex").parts).toEqual({ input: 546_875, output: 437_500, tool: 8_750_000 });
    const unknown = { provider: "openai", model: "gpt-5-of-tomorrow", timeMs: TIME_MS };
    expect(book.priceCall(USAGE, unknown).priceSource).toBe("unpriced");
  });

  it("a discount off its own prices", () => {
    expect(priced({ ...own, discountPercent: 10 }, USAGE).totalNanoUsd).toBe(900_000 + 180_000);
    expect(priced({ ...own, discountPercent: 100 }, USAGE).totalNanoUsd).toBe(0);
  });

  it("a price for one service tier", () => {
    const overrides = [
      { ...own, provider: "openai", model: "gpt-5", serviceTier: "batch" as const },
    ];
    const book = createPricer({ overrides });
    const source = (serviceTier?: string) =>
      book.priceCall(USAGE, { provider: "openai", model: "gpt-5", timeMs: TIME_MS, serviceTier })
        .priceSource;
    expect([source(), source("batch"), source("flex")]).toEqual([
      "catalogue",
      "override",
      "catalogue",
    ]);
  });

  it("its prices as they are, whatever the tier", () => {
    const book = createPricer({ overrides: [{ ...own, provider: "openai", model: "gpt-5" }] });
    const at = { provider: "openai", model: "gpt-5", timeMs: TIME_MS };
    expect(book.priceCall(USAGE, { ...at, serviceTier: "priority" })).toEqual(
      book.priceCall(USAGE, at),
    );
  });

  it("what an hour of GPUs costs, over the tokens that they make", () => {
    const selfHosted = { usdPerGpuHour: "3.60", gpus: 2, tokensPerSecond: 1_000 };
    const hosted = { provider: "own", model: "m", selfHosted };
    // 7.20 dollars an hour are 0.002 a second, and 2 millionths for each of its 1,000 tokens.
    expect(priced(hosted, USAGE).parts).toEqual({ input: 2_000_000, output: 200_000 });
    const reading = { ...selfHosted, inputTokensPerSecond: 20_000 };
    expect(priced({ ...hosted, selfHosted: reading }, USAGE).parts).toEqual({
      input: 100_000,
      output: 200_000,
    });
  });

  it("decimals to the last, in text", () => {
    const exact = { ...own, inputPerMtok: "0.000001", outputPerMtok: "99999.999999" };
    const usage = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
    expect(priced(exact, usage).totalNanoUsd).toBe(1_000 + 99_999_999_999_000);
  });

  it("prices a model by the name behind a path or a deployment, too", () => {
    const overrides = [{ ...own, provider: "azure.ai.openai", model: "gpt-4o" }];
    const book = createPricer({ overrides, deployments: { chat: "gpt-4o" } });
    const at = { provider: "azure.ai.openai", model: "chat", timeMs: TIME_MS };
    expect(book.priceCall(USAGE, at).priceSource).toBe("override");
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
      "overrides[1]: unknown key inputPerMTok; the keys are provider, model, inputPerMtok",
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

  it("keeps what was written: the schema only checks", () => {
    expect(priceOverrideSchema.parse({ ...good, inputPerMtok: "0.50" }).inputPerMtok).toBe("0.50");
  });
});
