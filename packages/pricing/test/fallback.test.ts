import { isTollgateError, UNPRICED } from "@tollgate/core";
import { describe, expect, it } from "vitest";
import { CORRECTIONS } from "../src/corrections/index.ts";
import { createPricer, type Catalogue } from "../src/index.ts";
import { bundledPrices, readCatalogue, writeCatalogue } from "../src/refresh/index.ts";

const TIME_MS = Date.parse("2026-09-01T12:00:00Z");
const USAGE = { inputTokens: 1_000, outputTokens: 100 };
const unknown = { provider: "nobody", model: "m", timeMs: TIME_MS };
const pricer = createPricer({ fallback: { inputPerMtok: "10", outputPerMtok: "40" } });

describe("a fallback price", () => {
  it("is for models without a price, and says so", () => {
    expect(pricer.priceCall(USAGE, unknown)).toEqual({
      totalNanoUsd: 14_000_000,
      parts: { input: 10_000_000, output: 4_000_000 },
      priceSource: "fallback",
      pricedModel: undefined,
      match: undefined,
    });
    expect(pricer.priceCall(USAGE, { ...unknown, model: undefined }).priceSource).toBe("fallback");
  });

  it("is for no other model, and not for what the provider says it billed", () => {
    const known = { provider: "openai", model: "gpt-4o", timeMs: TIME_MS };
    expect(pricer.priceCall(USAGE, known).priceSource).toBe("catalogue");
    const billed = pricer.priceCall(USAGE, { ...unknown, providerCostNanoUsd: 5 });
    expect(billed).toMatchObject({ totalNanoUsd: 5, priceSource: "provider" });
  });

  it("is for usage of a kind that the model's price leaves out wholly", () => {
    const scribe = { provider: "openai", model: "whisper-1", timeMs: TIME_MS };
    expect(createPricer().priceCall(USAGE, scribe).priceSource).toBe("unpriced");
    expect(pricer.priceCall(USAGE, scribe)).toMatchObject({ priceSource: "fallback" });
  });

  it("is for tokens of the same answer that another model's price is unknown for", () => {
    const additionalUsage = [{ model: "unheard-of", usage: USAGE }];
    const cost = pricer.priceCall(USAGE, {
      provider: "openai",
      model: "gpt-4o",
      timeMs: TIME_MS,
      additionalUsage,
    });
    expect(cost).toMatchObject({ totalNanoUsd: 3_500_000 + 14_000_000, priceSource: "catalogue" });
    expect(cost.partial).toBeUndefined();
  });

  it("makes no price of usage that was not said", () => {
    const nothing = { inputTokens: undefined, outputTokens: undefined };
    expect(pricer.priceCall(nothing, unknown)).toEqual(UNPRICED);
  });

  it("bounds a call, too, and counts as a price", () => {
    const { inputTokens, outputTokens } = USAGE;
    const call = { ...unknown, inputTokens, outputTokens };
    expect(pricer.priceBound(call)).toBe(14_000_000);
    expect(createPricer().priceBound(call)).toBeUndefined();
    expect([pricer, createPricer()].map((each) => each.hasPrice(unknown))).toEqual([true, false]);
  });

  it("that is nonsense is refused", () => {
    const refused = (() => {
      try {
        createPricer({ fallback: { inputPerMtok: -1, outputPerMtok: 1 } });
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(isTollgateError(refused) && refused.message).toContain("fallback.inputPerMtok: use US");
  });
});

const listing = (input_mtok: number, output_mtok: number): Catalogue => ({
  version: "own/1",
  date: "2026-12-24",
  providers: [
    {
      id: "mistral",
      models: [
        {
          id: "mistral-large-latest",
          match: { equals: "mistral-large-latest" },
          prices: { input_mtok, output_mtok },
        },
      ],
    },
  ],
});

describe("a refreshed catalogue and the corrections", () => {
  const call = { provider: "mistral_ai", model: "mistral-large-latest", timeMs: TIME_MS };
  const versionOf = (catalogue: Catalogue | undefined): string | undefined =>
    createPricer({ catalogue }).priceCall(USAGE, call).catalogueVersion;

  it("newer prices need no correction", () => {
    expect(versionOf(listing(0.6, 1.6))).toBe("own/1");
  });

  it("a price that was wrong and is still the same does, however young and written the file", () => {
    const text = writeCatalogue({ ...bundledPrices(), version: "own/2", date: "2026-12-24" });
    const { catalogue } = { catalogue: undefined, ...readCatalogue(text) };
    expect(versionOf(catalogue)).toMatch(/^corrections\//);
    const [own, bundled] = [createPricer({ catalogue }), createPricer()];
    for (const { provider, models } of CORRECTIONS) {
      for (const model of models) {
        for (const time of ["2025-03-01T18:00:00Z", "2026-09-01T02:00:00Z", "2026-11-21"]) {
          const asked = { provider, model, timeMs: Date.parse(time) };
          const price = own.priceCall(USAGE, asked).totalNanoUsd;
          expect(price, `${provider} ${model}`).toBe(bundled.priceCall(USAGE, asked).totalNanoUsd);
        }
      }
    }
  });
});
