import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bundledPrices,
  compareCatalogues,
  describeChanges,
  readCatalogue,
  thousandfold,
  writeCatalogue,
} from "../src/refresh/index.ts";
import type { Catalogue, CatalogueModel } from "../src/index.ts";

const NAME = { version: "data.json@0123", date: "2026-11-20" };

const catalogueOf = (...prices: readonly CatalogueModel["prices"][]): Catalogue => ({
  ...NAME,
  providers: [
    {
      id: "acme",
      models: prices.map((each, index) => ({
        id: `m${index}`,
        match: { equals: `m${index}` },
        prices: each,
      })),
    },
  ],
});

describe("price data", () => {
  it("is read back as it was written, all of the bundled data included", () => {
    const bundled = bundledPrices();
    const { catalogue } = { catalogue: undefined, ...readCatalogue(writeCatalogue(bundled)) };
    expect(catalogue?.version).toBe(bundled.version);
    expect(compareCatalogues(bundled, catalogue ?? catalogueOf())).toEqual({
      added: [],
      removed: [],
      changed: [],
    });
  });

  it("may be a list of providers, or a map with one; members that mean nothing are left aside", () => {
    const { providers } = catalogueOf({ input_mtok: 1 });
    const read = { catalogue: { ...NAME, providers } };
    expect(readCatalogue(JSON.stringify(providers), NAME)).toEqual(read);
    const map = { units: { input_tokens: { per: 1 } }, providers };
    expect(readCatalogue(JSON.stringify(map), NAME)).toEqual(read);
  });

  it("has conditions with and without their type", () => {
    const constraints = [
      { start_date: "2026-03-13" },
      { start_time: "00:30:00Z", end_time: "16:30:00Z" },
    ];
    const prices = constraints.map((constraint) => ({ constraint, prices: { input_mtok: 1 } }));
    const models = [{ id: "m", match: { starts_with: "m" }, prices }];
    const read = readCatalogue(JSON.stringify([{ id: "acme", models }]), NAME);
    expect(JSON.stringify(read)).toContain('{"type":"start_date","start_date":"2026-03-13"}');
    expect(JSON.stringify(read)).toContain('"type":"time_of_date"');
  });

  it.each([
    [{ input_mtok: "1" }, 'acme m0.prices.input_mtok is "1", no number of dollars from 0 on'],
    [{ input_mtok: { base: 1 } }, "acme m0.prices.input_mtok.tiers is no list of tiers"],
    [
      { input_mtok: { base: 1, tiers: [{ start: -5, price: 1 }] } },
      "acme m0.prices.input_mtok.tiers[0].start is no whole number of tokens",
    ],
    [
      { input_mtok: { base: 1, tiers: [{ price: 1 }] } },
      "acme m0.prices.input_mtok.tiers[0].start is missing",
    ],
    [[{ constraint: { start_date: "soon" }, prices: {} }], "is neither a first day nor hours"],
    [[], "acme m0.prices is an empty list"],
    [7, "acme m0.prices is no map of prices"],
  ])("%j is refused", (prices, problem) => {
    const models = [{ id: "m0", match: { equals: "m0" }, prices }];
    const { problems = [] } = readCatalogue(JSON.stringify([{ id: "acme", models }]), NAME);
    expect(problems.join()).toContain(problem);
  });

  it("of any other kind is refused and never thrown on", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readCatalogue(JSON.stringify(value), NAME).problems).not.toEqual([]);
      }),
    );
  });
});

describe("changes", () => {
  const tiers = [{ start: 200_000, price: 6 }];
  const before = catalogueOf(
    { input_mtok: { base: 3, tiers }, output_mtok: 0 },
    [{ prices: { input_mtok: 1 } }],
    { input_mtok: 1 },
  );

  it("are told of tiers, of conditions, of prices that come and go", () => {
    const after = catalogueOf(
      { input_mtok: { base: 3, tiers: [{ start: 200_000, price: 4.5 }] } },
      [
        { prices: { input_mtok: 1 } },
        { constraint: { type: "start_date", start_date: "2026-12-01" }, prices: { input_mtok: 2 } },
      ],
    );
    expect(describeChanges(compareCatalogues(before, after))).toEqual([
      "- acme m2",
      "  acme m0 input_mtok above 200000: $6 to $4.5 (-25%)",
      "  acme m0 output_mtok: $0 to none",
      "  acme m1 input_mtok from 2026-12-01: none to $2",
      "0 added, 1 removed, 3 prices changed",
    ]);
  });

  it.each([
    [0.001, 1],
    [0.001_01, 0],
    [999, 0],
    [1_000, 1],
  ])("a price of $1 that becomes $%d looks like another unit: %d", (price, count) => {
    const changes = compareCatalogues(
      catalogueOf({ input_mtok: 1 }),
      catalogueOf({ input_mtok: price }),
    );
    expect(thousandfold(changes)).toHaveLength(count);
  });
});
