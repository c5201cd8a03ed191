import { findProvider, type ModelInfo, type Provider } from "@pydantic/genai-prices";
import { matchesLogic } from "./match-logic.ts";
import { redated } from "./model-names.ts";
import { catalogueId } from "./provider-ids.ts";

/** Price data of one day in the form of genai-prices' `data.json`. */
export interface Catalogue {
  /** Names the data, such as `genai-prices/0.1.8`. */
  readonly version: string;
  /** The day that the data is of, such as `2026-09-23`. Corrections of a later day beat it. */
  readonly date: string;
  readonly providers: readonly Provider[];
}

/** Where models are looked up. */
export interface CatalogueSource {
  readonly version: string;
  readonly date: string;
  provider(id: string): Provider | undefined;
  providers(): readonly Provider[];
}

/** Version of the price data that is bundled; a test holds it to the installed package. */
const CATALOGUE_VERSION = "genai-prices/0.1.8";

/** The day that this version was published. */
const CATALOGUE_DATE = "2026-09-23";

/** The package names no list of its providers; a test holds this one to its data. */
const BUNDLED_PROVIDERS =
  "anthropic arcee avian aws azure baseten cerebras cloudflare cohere cursor deepseek doubleword fireworks github-copilot google groq huggingface_cerebras huggingface_fireworks-ai huggingface_groq huggingface_hyperbolic huggingface_nebius huggingface_novita huggingface_nscale huggingface_ovhcloud huggingface_publicai huggingface_sambanova huggingface_together minimax mistral modal moonshotai novita openai openrouter ovhcloud perplexity quicksilverpro together typesafe voyageai x-ai zai zhipuai";

/** The data that comes with Tollgate. */
export const bundledCatalogue: CatalogueSource = {
  version: CATALOGUE_VERSION,
  date: CATALOGUE_DATE,
  provider: findBundled,
  providers: () => BUNDLED_PROVIDERS.split(" ").flatMap((id) => findBundled(id) ?? []),
};

function findBundled(id: string): Provider | undefined {
  const provider = findProvider({ providerId: id });
  // The package guesses providers from parts of a name; a guess would be another's price.
  return provider?.id === id ? provider : undefined;
}

/** Makes given data searchable. */
export function openCatalogue({ version, date, providers }: Catalogue): CatalogueSource {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  return { version, date, provider: (id) => byId.get(id), providers: () => providers };
}

/** What a price list has under a name. */
export interface Listing {
  readonly info: ModelInfo | undefined;
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
      info: source.provider(maker)?.models.find(({ match }) => matchesLogic(match, spelling)),
      providerId: maker,
      id: spelling,
    })),
  );
}

/** Hugging Face's router serves `model:provider` at the provider's price. */
function routeOf(providerId: string, id: string): { providerId: string; name: string } {
  const colon = id.lastIndexOf(":");
  if (providerId !== "huggingface" || colon < 0) return { providerId, name: id };
  return { providerId: `huggingface_${id.slice(colon + 1)}`, name: id.slice(0, colon) };
}
