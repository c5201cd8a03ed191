import { bundledCatalogue } from "../catalogue.ts";
import type { Catalogue } from "../catalogue-format.ts";

/** The data that comes with Tollgate, to compare other data with. */
export function bundledPrices(): Catalogue {
  const { version, date } = bundledCatalogue;
  return { version, date, providers: bundledCatalogue.providers() };
}
