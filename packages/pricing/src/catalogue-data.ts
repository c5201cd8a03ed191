/**
 * The bundled price data, as text. Only a build runs this file: what it makes is shipped in its place (see
 * tsdown.config.ts), so that an app loads a text, which is parsed at its first price, and not a large program.
 */
import { calcPrice, waitForUpdate, type ModelInfo, type Provider } from "@pydantic/genai-prices";
import type { CatalogueModel, CatalogueProvider } from "./catalogue-format.ts";

function keepModel(model: ModelInfo, provider: Provider): CatalogueModel {
  const { id, name, match, prices, context_window, deprecated } = model;
  const kept = isPriceable(model, provider) ? prices : {};
  return { id, name, match, prices: kept, context_window, deprecated };
}

/** The catalogue refuses to price entries that contradict themselves: these have no price. */
function isPriceable(model: ModelInfo, provider: Provider): boolean {
  try {
    const alone = { ...provider, models: [{ ...model, match: { equals: model.id } }] };
    return calcPrice({}, model.id, { provider: alone }) !== null;
  } catch {
    return false;
  }
}

function keepProvider(provider: Provider): CatalogueProvider {
  const { id, fallback_model_providers, models } = provider;
  return {
    id,
    fallback_model_providers,
    models: models.map((model) => keepModel(model, provider)),
  };
}

// Nothing is fetched unless somebody asks for updates.
const providers = (await waitForUpdate()) ?? [];

export const CATALOGUE_JSON: string = JSON.stringify(providers.map(keepProvider));
