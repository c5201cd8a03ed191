import { calcPrice, findProvider, waitForUpdate } from "@pydantic/genai-prices";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { bundledCatalogue, listingsOf } from "../src/catalogue.ts";
import { createPricer } from "../src/index.ts";

const PROVIDERS = (await waitForUpdate()) ?? [];
/** Every model with its provider. */
const OWN_PAIRS = PROVIDERS.flatMap(({ id, models }) =>
  models.map((model) => ({ provider: id, id: model.id })),
);
const MODEL_IDS = OWN_PAIRS.map(({ id }) => id);

/** Models with any provider, their own or one that may sell them too. */
const anyPair = fc.oneof(
  fc.constantFrom(...OWN_PAIRS),
  fc.record({
    provider: fc.constantFrom(...PROVIDERS.map(({ id }) => id), "nobody", ""),
    id: fc.constantFrom(...MODEL_IDS),
  }),
  fc.record({
    provider: fc.constantFrom("azure", "google"),
    id: fc.constantFrom(...MODEL_IDS),
  }),
);

test("the catalogue is parsed at the first price, once", () => {
  const parse = vi.spyOn(JSON, "parse");
  const pricer = createPricer();
  expect(parse).not.toHaveBeenCalled();
  pricer.priceBound({
    provider: "openai",
    model: "gpt-4o",
    timeMs: 0,
    inputTokens: 1,
    outputTokens: 1,
  });
  pricer.contextWindow("anthropic", "claude-sonnet-4");
  expect(parse).toHaveBeenCalledTimes(1);
  parse.mockRestore();
});

function findListed(provider: string, model: string): string | undefined {
  const listings = listingsOf(bundledCatalogue, provider, model.trim().toLowerCase());
  return listings.find(({ info }) => info !== undefined)?.info?.id;
}

/** The catalogue's own lookup. */
function theirs(providerId: string, model: string): string | undefined {
  if (findProvider({ providerId })?.id !== providerId) return undefined;
  return calcPrice({}, model, { providerId })?.model.id;
}

test("every model of every provider is found as the catalogue finds it", () => {
  for (const { id, models } of PROVIDERS) {
    for (const model of models) {
      expect([id, model.id, findListed(id, model.id)]).toEqual([
        id,
        model.id,
        theirs(id, model.id),
      ]);
    }
  }
});

test("so are names that it does not list: of others, dated, longer, cut short", () => {
  let found = 0;
  fc.assert(
    fc.property(
      anyPair,
      fc.constantFrom("", "", "", " ", "us.", "models/"),
      fc.constantFrom(
        "",
        "-20240806",
        "-20251301",
        "-20240231",
        "-2024-08-06",
        ":free",
        "-x",
        "cut",
      ),
      fc.boolean(),
      ({ provider, id }, before, after, isUpper) => {
        const name = before + (after === "cut" ? id.slice(0, -3) : id + after);
        const model = isUpper ? name.toUpperCase() : name;
        const ours = findListed(provider, model);
        expect(ours).toBe(theirs(provider, model));
        if (ours !== undefined) found++;
      },
    ),
    { numRuns: 5_000 },
  );
  expect(found).toBeGreaterThan(200);
});
