export { bundledPrices } from "./bundled-prices.ts";
export { compareCatalogues, thousandfold } from "./compare-catalogues.ts";
export type { CatalogueChanges, ChangedPrice } from "./compare-catalogues.ts";
export { describeChange, describeChanges } from "./describe-changes.ts";
export { readCatalogue, writeCatalogue } from "./read-catalogue.ts";
export type { CatalogueName, ReadCatalogue } from "./read-catalogue.ts";
