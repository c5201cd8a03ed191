import { readFileSync } from "node:fs";
import { calcPrice, waitForUpdate } from "@pydantic/genai-prices";
import type { CallCost, TokenUsage } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { bundledCatalogue, openCatalogue } from "../src/catalogue.ts";
import { findCorrections } from "../src/corrections/index.ts";
import { createPricer, type Catalogue } from "../src/index.ts";

/** Usages in our words and in the calculator's. */
const USAGES: readonly (readonly [ours: TokenUsage, theirs: Record<string, number>])[] = [
  [1_000, 0, 500, 0, 0],
  [0, 0, 1, 0, 0],
  [127_999, 100_000, 8_000, 0, 0],
  [200_001, 150_000, 8_000, 0, 0],
  [271_999, 1, 8_000, 0, 0],
  [272_000, 1, 8_000, 0, 0],
  [272_001, 272_000, 8_000, 0, 1],
  [900_000, 400_000, 64_000, 300_000, 0],
].map(([input = 0, read = 0, output = 0, write = 0, searches = 0]) => [
  {
    inputTokens: input,
    cacheReadTokens: read,
    cacheWriteTokens: write,
    outputTokens: output,
    webSearchRequests: searches,
  },
  {
    input_tokens: input,
    cache_read_tokens: read,
    cache_write_tokens: write,
    output_tokens: output,
    web_searches: searches,
  },
]);

const TIMES = [
  "2025-01-15T20:00:00Z",
  "2026-03-12T23:59:59Z",
  "2026-03-13T00:00:00Z",
  "2026-09-01T02:00:00Z",
  "2026-09-23T12:00:00Z",
  "2027-01-01T00:00:00Z",
].map((time) => Date.parse(time));

const MODELS = bundledCatalogue
  .providers()
  .flatMap(({ id: provider, models }) =>
    models.map(({ id: model, prices }) => ({ provider, model, changes: Array.isArray(prices) })),
  );

const pricer = createPricer();

type Verdict =
  | "equal"
  | "no price for tokens"
  | "found without its place and version, and flagged"
  | "no price for searches"
  | "a correction holds"
  | "Claude's cache writes cost more than its input"
  | "the calculator refuses its own entry";

/** How our price stands to the calculator's; throws on a difference that nothing explains. */
function compare(
  { provider, model }: (typeof MODELS)[number],
  [usage, theirUsage]: (typeof USAGES)[number],
  timeMs: number,
): Verdict {
  const ours = pricer.priceCall(usage, { provider, model, timeMs });
  const theirs = calculate(theirUsage, provider, model, timeMs);
  if (theirs === "refused") return "the calculator refuses its own entry";
  if (findCorrections(provider, model, bundledCatalogue.date).length > 0) {
    return "a correction holds";
  }
  // What has no price is nothing to the calculator; some patterns leave out the model's own id.
  if (ours.totalNanoUsd === undefined && !theirs?.nanoUsd) return "no price for tokens";
  const reason = reasonOf(model, usage, ours, theirs);
  if (reason !== undefined) return reason;
  // Rounded up once, and prices of a twelfth of a dollar rounded up to pico-USD.
  const nanoUsd = theirs?.nanoUsd ?? Number.NaN;
  const { totalNanoUsd = Number.NaN } = ours;
  if (totalNanoUsd >= nanoUsd * (1 - 1e-12) && totalNanoUsd <= nanoUsd * (1 + 1e-5) + 1) {
    return "equal";
  }
  const what = `${provider} ${model} at ${timeMs} for ${JSON.stringify(usage)}`;
  throw new Error(`${what}: ${totalNanoUsd}, not ${nanoUsd}`);
}

interface Calculated {
  readonly nanoUsd: number;
  readonly pricesWrites: boolean;
}

/** Why two prices may differ. */
function reasonOf(
  model: string,
  usage: TokenUsage,
  ours: CallCost,
  theirs: Calculated | undefined,
): Verdict | undefined {
  const { cacheWriteTokens = 0, webSearchRequests } = usage;
  const unlistedWrites = cacheWriteTokens > 0 && theirs?.pricesWrites === false;
  if (unlistedWrites && model.includes("claude")) {
    return "Claude's cache writes cost more than its input";
  }
  if (theirs === undefined && ours.match === "prefix") {
    return "found without its place and version, and flagged";
  }
  return ours.partial && webSearchRequests ? "no price for searches" : undefined;
}

function calculate(
  usage: Record<string, number>,
  providerId: string,
  model: string,
  timeMs: number,
): Calculated | "refused" | undefined {
  try {
    const price = calcPrice(usage, model, { providerId, timestamp: new Date(timeMs) });
    if (price === null) return undefined;
    return {
      nanoUsd: price.total_price * 1e9,
      pricesWrites: price.model_price["cache_write_mtok"] !== undefined,
    };
  } catch {
    return "refused";
  }
}

describe("against the catalogue's own calculator", () => {
  it("every model of every provider has the same price at all times, or a named reason", () => {
    const models = new Map<Verdict, Set<string>>();
    for (const listed of MODELS) {
      for (const usage of USAGES) {
        for (const timeMs of listed.changes ? TIMES : TIMES.slice(0, 1)) {
          const verdict = compare(listed, usage, timeMs);
          const { provider, model } = listed;
          models.set(verdict, (models.get(verdict) ?? new Set()).add(`${provider} ${model}`));
        }
      }
    }
    expect(MODELS.length).toBeGreaterThan(1_600);
    expect(models.get("equal")?.size).toBeGreaterThan(1_500);
    expect([...(models.get("a correction holds") ?? [])].toSorted()).toEqual([
      "deepseek deepseek-chat",
      "deepseek deepseek-reasoner",
      "deepseek deepseek-v4-flash",
      "deepseek deepseek-v4-pro",
      "mistral mistral-small-latest",
      "openai gpt-4o-audio-preview",
      "openai gpt-4o-mini-audio-preview",
    ]);
    expect([...(models.get("the calculator refuses its own entry") ?? [])]).toEqual([]);
  }, 60_000);

  it("more cached than input tokens make the calculator throw, and us charge both", () => {
    const theirs = { input_tokens: 10, cache_read_tokens: 1_000, output_tokens: 1 };
    expect(() => calcPrice(theirs, "gpt-4o", { providerId: "openai" })).toThrow(
      /cache_read|Missing|Invalid/i,
    );
    const usage = { inputTokens: 10, cacheReadTokens: 1_000, outputTokens: 1 };
    const cost = pricer.priceCall(usage, { provider: "openai", model: "gpt-4o", timeMs: 0 });
    expect(cost.parts).toEqual({ input: 25_000, cache_read: 1_250_000, output: 10_000 });
  });
});

describe("the bundled data", () => {
  const entry = new URL(import.meta.resolve("@pydantic/genai-prices"));

  it("is of the version of the installed package", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", entry), "utf8"));
    expect(manifest).toMatchObject({
      version: pricer.catalogueVersion.replace("genai-prices/", ""),
    });
  });

  it("has every provider of the package", async () => {
    const theirs = (await waitForUpdate()) ?? [];
    expect(bundledCatalogue.providers().map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
  });

  it("lists every model, and those of corrections", () => {
    const listed = pricer.listModels();
    expect(listed.length).toBeGreaterThan(MODELS.length);
    expect(listed).toContainEqual({
      provider: "openai",
      model: "gpt-6.1-sol",
      name: undefined,
      contextWindow: 1_050_000,
      deprecated: false,
    });
  });
});

const given = (date: string): Catalogue => ({
  version: "prices/7",
  date,
  providers: [
    {
      id: "deepseek",
      models: [
        {
          id: "deepseek-chat",
          match: { equals: "deepseek-chat" },
          prices: { input_mtok: 9, output_mtok: -1, cache_read_mtok: Number.NaN },
        },
      ],
    },
  ],
});

describe("a catalogue of your own", () => {
  const call = { provider: "deepseek", model: "deepseek-chat", timeMs: Date.parse("2026-11-22") };
  const usage = { inputTokens: 1_000, outputTokens: 0 };

  it("beats the bundled one model by model, and names itself", () => {
    const own = createPricer({ catalogue: given("2026-12-01") });
    expect(own.catalogueVersion).toBe("prices/7");
    expect(own.priceCall(usage, call)).toEqual({
      totalNanoUsd: 9_000_000,
      parts: { input: 9_000_000 },
      priceSource: "catalogue",
      pricedModel: "deepseek-chat",
      match: "exact",
      catalogueVersion: "prices/7",
      catalogueDate: "2026-12-01",
    });
    const other = own.priceCall(usage, { ...call, model: "deepseek-v3.2" });
    expect(other.catalogueVersion).toBe("genai-prices/0.1.8");
  });

  it("is corrected only where it is older than the correction", () => {
    const older = createPricer({ catalogue: given("2026-11-21") }).priceCall(usage, call);
    expect(older.catalogueVersion).toBe("corrections/third-party/2026-11-22");
  });

  it("has no price where it says nonsense", () => {
    const own = createPricer({ catalogue: given("2026-12-01") });
    const cost = own.priceCall({ inputTokens: 1_000, outputTokens: 5 }, call);
    expect(cost).toMatchObject({ totalNanoUsd: 9_000_000, partial: true });
    expect(openCatalogue(given("2026-12-01")).providers()).toHaveLength(1);
  });
});
