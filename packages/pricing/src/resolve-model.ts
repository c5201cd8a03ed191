import type { PriceMatch } from "@tollgate/core";
import { findCatalogueModel } from "./catalogue.ts";
import { readSchedule } from "./catalogue-prices.ts";
import type { OverrideFinder } from "./price-override.ts";
import type { PriceSchedule } from "./schedule.ts";

/** All that is known of a provider's model, looked up once. */
export interface ResolvedModel {
  readonly schedule: PriceSchedule;
  readonly source: "override" | "catalogue";
  readonly pricedModel: string | undefined;
  readonly match: PriceMatch | undefined;
  readonly contextWindow: number | undefined;
}

const MAX_KEPT = 2_000;
const MAX_KEPT_NAME_LENGTH = 256;

/**
 * Looks models up and keeps the answers, misses too. When too many names have come by all are
 * forgotten, so that a caller who makes names up cannot fill the memory.
 */
export function createModelResolver(
  findOverride: OverrideFinder,
): (provider: string, model: string) => ResolvedModel {
  const kept = new Map<string, Map<string, ResolvedModel>>();
  let keptCount = 0;

  const keep = (provider: string, model: string, resolved: ResolvedModel): void => {
    if (provider.length + model.length > MAX_KEPT_NAME_LENGTH) return;
    if (keptCount >= MAX_KEPT) {
      kept.clear();
      keptCount = 0;
    }
    let models = kept.get(provider);
    if (models === undefined) kept.set(provider, (models = new Map()));
    models.set(model, resolved);
    keptCount++;
  };

  return (provider, model) => {
    const known = kept.get(provider)?.get(model);
    if (known !== undefined) return known;
    const resolved = resolveModel(findOverride, provider, model);
    keep(provider, model, resolved);
    return resolved;
  };
}

function resolveModel(
  findOverride: OverrideFinder,
  provider: string,
  model: string,
): ResolvedModel {
  const listed = findCatalogueModel(provider, model);
  const contextWindow = listed?.info.context_window;
  const override = findOverride(provider, model);
  if (override !== undefined) {
    return {
      schedule: [{ condition: { kind: "always" }, table: override.table }],
      source: "override",
      pricedModel: override.name,
      match: "override",
      contextWindow,
    };
  }
  return {
    schedule: listed === undefined ? [] : readSchedule(listed.info),
    source: "catalogue",
    pricedModel: listed?.info.id,
    match: listed?.match,
    contextWindow,
  };
}
