import type { Catalogue, CatalogueProvider } from "../catalogue-format.ts";
import { isMap } from "./json-map.ts";
import { isDay, readModel, type Complain } from "./read-model.ts";

/** What names data that does not name itself. */
export interface CatalogueName {
  readonly version: string;
  /** A day, such as `2026-09-23`. */
  readonly date: string;
}

/** Price data, or all that is wrong with it. */
export type ReadCatalogue =
  | { readonly catalogue: Catalogue; readonly problems?: undefined }
  | { readonly problems: readonly string[] };

/**
 * Reads price data: genai-prices' `data.json` (the list of its second format, the map of its third) or
 * what {@link writeCatalogue} made. All or nothing: one price that makes no sense refuses the whole.
 *
 * @param name - for data that does not say its version and day; without it such data is refused.
 */
export function readCatalogue(text: string, name?: CatalogueName): ReadCatalogue {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [`is not JSON, or only the beginning of it: ${reason}`] };
  }
  const listed = isMap(data) ? data["providers"] : data;
  if (!Array.isArray(listed)) return { problems: ["holds no list of providers"] };
  const problems: string[] = [];
  const named = nameOf(data, name, problems);
  const providers = readProviders(listed, (place, said) => problems.push(`${place} ${said}`));
  return problems.length > 0 || named === undefined
    ? { problems }
    : { catalogue: { ...named, providers } };
}

/** The text of a catalogue, as {@link readCatalogue} reads it back. */
export function writeCatalogue({ version, date, providers }: Catalogue): string {
  return `${JSON.stringify({ version, date, providers })}\n`;
}

function nameOf(
  data: unknown,
  name: CatalogueName | undefined,
  problems: string[],
): CatalogueName | undefined {
  const { version = name?.version, date = name?.date } = isMap(data) ? data : {};
  if (typeof version !== "string" || version === "") problems.push("does not say its version");
  else if (!isDay(date)) problems.push("does not say which day it is of, such as 2026-09-23");
  else return { version, date };
  return undefined;
}

function readProviders(
  listed: readonly unknown[],
  complain: Complain,
): readonly CatalogueProvider[] {
  const providers = new Map<string, CatalogueProvider>();
  for (const [index, provider] of listed.entries()) {
    const { id, models, fallback_model_providers: makers } = isMap(provider) ? provider : {};
    if (typeof id !== "string" || id === "" || !Array.isArray(models)) {
      complain(`providers[${index}]`, "has no id or no list of models");
      continue;
    }
    if (providers.has(id)) complain(id, "is listed twice");
    providers.set(id, {
      id,
      fallback_model_providers: readIds(makers, `${id}.fallback_model_providers`, complain),
      models: models.flatMap(
        (model: unknown, at) => readModel(model, placeOf(id, model, at), complain) ?? [],
      ),
    });
  }
  const listing = [...providers.values()];
  if (!listing.some(({ models }) => models.length > 0)) complain("the list", "has no models");
  return listing;
}

function placeOf(provider: string, model: unknown, index: number): string {
  const id: unknown = isMap(model) ? model["id"] : undefined;
  return `${provider} ${typeof id === "string" ? id : `models[${index}]`}`;
}

function readIds(value: unknown, place: string, complain: Complain): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const ids = Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
  if (!Array.isArray(value) || ids.length < value.length) complain(place, "is no list of ids");
  return ids;
}
