import { CATALOGUE_JSON } from "./catalogue-data.ts";
import type { Catalogue, CatalogueModel, CatalogueProvider } from "./catalogue-format.ts";
import { matchesLogic } from "./match-logic.ts";
import { redated } from "./model-names.ts";
import { catalogueId } from "./provider-ids.ts";

/** Where models are looked up. */
export interface CatalogueSource {
  readonly version: string;
  readonly date: string;
  provider(id: string): CatalogueProvider | undefined;
  providers(): readonly CatalogueProvider[];
}

/** Version of the price data that is bundled; a test holds it to the installed package. */
const CATALOGUE_VERSION = "genai-prices/0.1.8";

/** The day that this version was published. */
const CATALOGUE_DATE = "2026-09-23";

let bundled: CatalogueSource | undefined;

/** Parsed when first needed: most processes that load this never price a call. */
function parseBundled(): CatalogueSource {
  const providers: readonly CatalogueProvider[] = JSON.parse(CATALOGUE_JSON);
  return openCatalogue({ version: CATALOGUE_VERSION, date: CATALOGUE_DATE, providers });
}

/** The data that comes with Tollgate. */
export const bundledCatalogue: CatalogueSource = {
  version: CATALOGUE_VERSION,
  date: CATALOGUE_DATE,
  provider: (id) => (bundled ??= parseBundled()).provider(id),
  providers: () => (bundled ??= parseBundled()).providers(),
};

/** Makes given data searchable. */
export function openCatalogue({ version, date, providers }: Catalogue): CatalogueSource {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  return { version, date, provider: (id) => byId.get(id), providers: () => providers };
}

/** What a price list has under a name. */
export interface Listing {
  readonly info: CatalogueModel | undefined;
  /** The provider whose list it is, whose corrections count. */
  readonly providerId: string;
  readonly id: string;
}

/**
 * Where to look for a model, best first: its provider, then, as the catalogue has it for clouds, the makers of
 * models. Of each list the first model whose pattern fits. Takes microseconds to milliseconds: keep the
 * answer.
 *
 * @param id - in lower case
 */
export function listingsOf(
  source: CatalogueSource,
  provider: string,
  id: string,
): readonly Listing[] {
  const { providerId, name } = routeOf(catalogueId(provider), id);
  const own = source.provider(providerId);
  const makers = own?.fallback_model_providers ?? [];
  return [...new Set([name, redated(name)])].flatMap((spelling) =>
    [providerId, ...makers].map((maker) => ({
      info: findListed(source, maker, spelling),
      providerId: maker,
      id: spelling,
    })),
  );
}

/** The first model in one provider's list whose pattern fits. */
export function findListed(
  source: CatalogueSource,
  providerId: string,
  id: string,
): CatalogueModel | undefined {
  return source.provider(providerId)?.models.find(({ match }) => matchesLogic(match, id));
}

/** Hugging Face's router serves `model:provider` at the provider's price. */
function routeOf(providerId: string, id: string): { providerId: string; name: string } {
  const colon = id.lastIndexOf(":");
  if (providerId !== "huggingface" || colon < 0) return { providerId, name: id };
  return { providerId: `huggingface_${id.slice(colon + 1)}`, name: id.slice(0, colon) };
}
