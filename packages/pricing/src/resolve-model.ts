import type { PriceMatch } from "@tollgate/core";
import {
  arePlain,
  effectOf,
  numberTerms,
  type BillingTerms,
  type TermsEffect,
} from "./billing-terms.ts";
import { bundledCatalogue, findListed, listingsOf, type CatalogueSource } from "./catalogue.ts";
import type { CatalogueModel } from "./catalogue-format.ts";
import { readSchedule } from "./catalogue-prices.ts";
import type { PriceCorrection } from "./corrections/correction.ts";
import { findCorrections, scheduleCorrection } from "./corrections/index.ts";
import { samePrices } from "./flat-prices.ts";
import { namesIn } from "./match-logic.ts";
import { baseName, dayOf, modelNames, type ModelName, type NamingOptions } from "./model-names.ts";
import type { OverrideFinder } from "./find-overrides.ts";
import { scaleTable } from "./rates.ts";
import type { PriceOrigin, PriceSchedule, ScheduledPrice } from "./schedule.ts";

/** All that is known of a provider's model, looked up once. */
export interface ResolvedModel {
  readonly schedule: PriceSchedule;
  readonly contextWindow: number | undefined;
}

export interface ModelSources extends NamingOptions {
  readonly findOverrides: OverrideFinder;
  /** By rank: the first that knows a model is asked for it. */
  readonly catalogues: readonly CatalogueSource[];
}

/** Finds the prices of a model. */
export type ModelResolver = (
  provider: string,
  model: string,
  terms?: BillingTerms,
) => ResolvedModel;

const MAX_KEPT = 2_000;
const MAX_KEPT_NAME_LENGTH = 256;
const LIST_PRICE: BillingTerms = {};

/**
 * Looks models up and keeps the answers, misses too. When too many names have come by all are
 * forgotten, so that a caller who makes names up cannot fill the memory.
 */
export function createModelResolver(sources: ModelSources): ModelResolver {
  const memories: Memory[] = [];
  return (provider, model, terms = LIST_PRICE) => {
    const memory = (memories[arePlain(terms) ? 0 : numberTerms(terms)] ??= createMemory());
    const known = memory.recall(provider, model);
    if (known !== undefined) return known;
    const resolved = resolveModel(sources, provider, model, terms);
    memory.keep(provider, model, resolved);
    return resolved;
  };
}

interface Memory {
  recall(provider: string, model: string): ResolvedModel | undefined;
  keep(provider: string, model: string, resolved: ResolvedModel): void;
}

function createMemory(): Memory {
  const kept = new Map<string, Map<string, ResolvedModel>>();
  let keptCount = 0;
  return {
    recall: (provider, model) => kept.get(provider)?.get(model),
    keep(provider, model, resolved) {
      if (provider.length + model.length > MAX_KEPT_NAME_LENGTH) return;
      if (keptCount >= MAX_KEPT) {
        kept.clear();
        keptCount = 0;
      }
      let models = kept.get(provider);
      if (models === undefined) kept.set(provider, (models = new Map()));
      models.set(model, resolved);
      keptCount++;
    },
  };
}

function resolveModel(
  sources: ModelSources,
  provider: string,
  model: string,
  terms: BillingTerms,
): ResolvedModel {
  const names = modelNames(provider, model, sources);
  const listing = findListing(sources.catalogues, provider, names);
  const effect = effectOf(provider, names[0]?.id ?? model, terms);
  const listed = listing.schedule.map((price) => underTerms(price, effect));
  const exactNames = names.filter(({ exact }) => exact).map(({ id }) => id);
  const overrides = sources.findOverrides(provider, [model, ...exactNames], terms, listed);
  return { schedule: [...listed, ...overrides], contextWindow: listing.contextWindow };
}

function underTerms(price: ScheduledPrice, effect: TermsEffect): ScheduledPrice {
  const { scaling, understated, thirdPartySince } = effect;
  if (price.table === undefined || (scaling === undefined && !understated)) return price;
  const table = scaling === undefined ? price.table : scaleTable(price.table, scaling);
  const origin = withThirdParty(price.origin, thirdPartySince);
  return { ...price, table, origin, understated };
}

/** A price on top of which there is a premium that only third parties have says so. */
function withThirdParty(origin: PriceOrigin, since: string | undefined): PriceOrigin {
  if (since === undefined) return origin;
  return { ...origin, catalogueVersion: `${origin.catalogueVersion}+third-party/${since}` };
}

const NOT_LISTED: ResolvedModel = { schedule: [], contextWindow: undefined };

function findListing(
  catalogues: readonly CatalogueSource[],
  provider: string,
  names: readonly ModelName[],
): ResolvedModel {
  for (const name of names) {
    for (const source of catalogues) {
      const found = listingOf(source, provider, name);
      if (found !== undefined) return found;
    }
  }
  return NOT_LISTED;
}

/** What one catalogue says of a name, corrected. */
function listingOf(
  source: CatalogueSource,
  provider: string,
  name: ModelName,
): ResolvedModel | undefined {
  for (const { info, providerId, id } of listingsOf(source, provider, name.id)) {
    // What a list of one's own leaves out, the bundled one and its corrections say.
    if (info === undefined && source !== bundledCatalogue) continue;
    const stale = isStale(source, providerId, info, { id, exact: name.exact });
    const corrections = findCorrections(providerId, id, stale ? undefined : source.date);
    if (info === undefined && corrections.length === 0) continue;
    const own = info === undefined ? [] : scheduleListed(source, providerId, info, name);
    return {
      schedule: [...own, ...corrections.map((each) => corrected(each, id, name))],
      contextWindow: corrections.at(-1)?.contextWindow ?? info?.context_window,
    };
  }
  return undefined;
}

/**
 * Whether a list has nothing newer than what was found wrong in the bundled one, whatever its day: the same
 * price, or none under this very name.
 */
function isStale(
  source: CatalogueSource,
  providerId: string,
  info: CatalogueModel | undefined,
  name: ModelName,
): boolean {
  if (info === undefined || source === bundledCatalogue) return false;
  if (matchOf(source, info, name) !== "exact") return true;
  const bundled = findListed(bundledCatalogue, providerId, name.id);
  return bundled !== undefined && samePrices(bundled, info);
}

function corrected(correction: PriceCorrection, id: string, { exact }: ModelName): ScheduledPrice {
  const price = scheduleCorrection(correction, id);
  return exact ? price : { ...price, origin: { ...price.origin, match: "prefix" } };
}

function scheduleListed(
  source: CatalogueSource,
  providerId: string,
  info: CatalogueModel,
  name: ModelName,
): PriceSchedule {
  return readSchedule(info, providerId, {
    priceSource: "catalogue",
    pricedModel: info.id,
    match: matchOf(source, info, name),
    catalogueVersion: source.version,
    catalogueDate: source.date,
  });
}

/** A snapshot that is younger than the catalogue may be a new model; any other is the one it is of. */
function matchOf(
  source: CatalogueSource,
  info: CatalogueModel,
  { id, exact }: ModelName,
): PriceMatch {
  if (!exact) return "prefix";
  const listed = [info.id.toLowerCase(), ...namesIn(info.match)];
  if (listed.includes(id)) return "exact";
  const base = baseName(id);
  const isYounger = (dayOf(id) ?? "") > source.date;
  return !isYounger && listed.some((other) => baseName(other) === base) ? "exact" : "prefix";
}
