import type { CallCost, TokenUsage } from "@tollgate/core";
import type { BillingTerms } from "./billing-terms.ts";
import { bundledCatalogue, openCatalogue } from "./catalogue.ts";
import { CORRECTIONS } from "./corrections/index.ts";
import { assemblePricer, type Pricer, type PricerOptions } from "./pricer.ts";
import { quoteTable, type PriceQuote } from "./price-quote.ts";
import { priceAt, type PriceOrigin } from "./schedule.ts";

/** A model at a provider. */
export interface ModelAt extends BillingTerms {
  /** `gen_ai.provider.name`, such as `openai`. */
  readonly provider: string;
  readonly model: string;
  /** When it is called, milliseconds since the epoch. @defaultValue now */
  readonly timeMs?: number | undefined;
}

/** What a model costs at a time, and how that is known. */
export interface ModelPricing extends PriceOrigin, PriceQuote {
  readonly provider: string;
  readonly model: string;
  readonly contextWindow: number | undefined;
}

/** A model that the catalogue names. */
export interface ListedModel {
  /** The catalogue's id of the provider. */
  readonly provider: string;
  readonly model: string;
  readonly name: string | undefined;
  readonly contextWindow: number | undefined;
  readonly deprecated: boolean;
}

/** What some usage would have cost on a model. */
export interface ComparedPrice {
  readonly provider: string;
  readonly model: string;
  readonly cost: CallCost;
}

/** A pricer that can also be asked for its prices. */
export interface PriceBook extends Pricer {
  /** The prices of a model in force at a time; `undefined` when it has none. */
  getModelPricing(model: ModelAt): ModelPricing | undefined;
  /** All models that the catalogue names, provider by provider; overrides name no models. */
  listModels(): readonly ListedModel[];
  /** What the same usage would have cost, the cheapest first and those without a price last. */
  comparePrices(usage: TokenUsage, models: readonly ModelAt[]): readonly ComparedPrice[];
}

/**
 * Makes a pricer over the bundled catalogue and what is given on top of it.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when an override makes no sense, naming its index
 *   and key.
 */
export function createPricer(options: PricerOptions = {}): PriceBook {
  const { pricer, resolve } = assemblePricer(options);
  return {
    ...pricer,

    getModelPricing(asked) {
      const { provider, model, timeMs = Date.now() } = asked;
      const { schedule, contextWindow } = resolve(provider, model, asked);
      const price = priceAt(schedule, timeMs);
      if (price?.table === undefined) return undefined;
      return { provider, model, ...price.origin, contextWindow, ...quoteTable(price.table) };
    },

    listModels: () => allModels(options),

    comparePrices(usage, models) {
      return models
        .map((asked) => ({
          provider: asked.provider,
          model: asked.model,
          cost: pricer.priceCall(usage, { ...asked, timeMs: asked.timeMs ?? Date.now() }),
        }))
        .toSorted((a, b) => rank(a.cost) - rank(b.cost));
    },
  };
}

function rank({ totalNanoUsd }: CallCost): number {
  return totalNanoUsd ?? Number.MAX_VALUE;
}

function allModels({ catalogue }: PricerOptions): readonly ListedModel[] {
  const sources = [catalogue && openCatalogue(catalogue), bundledCatalogue];
  const listed = new Map<string, ListedModel>();
  const add = (model: ListedModel): void => {
    const key = `${model.provider} ${model.model}`;
    if (!listed.has(key)) listed.set(key, model);
  };
  for (const source of sources) {
    for (const { id: provider, models } of source?.providers() ?? []) {
      for (const { id: model, name, context_window: contextWindow, deprecated = false } of models) {
        add({ provider, model, name, contextWindow, deprecated });
      }
    }
  }
  for (const { provider, models, contextWindow } of CORRECTIONS) {
    for (const model of models.filter((id) => !/[*?]/.test(id))) {
      add({ provider, model, name: undefined, contextWindow, deprecated: false });
    }
  }
  return [...listed.values()].toSorted((a, b) => compare(a.provider, b.provider));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

let shared: PriceBook | undefined;

/** Made at the first question, so that an import costs nothing. */
function book(): PriceBook {
  return (shared ??= createPricer());
}

/** {@link Pricer.priceCall} by the bundled catalogue alone. */
export const priceCall: Pricer["priceCall"] = (usage, call) => book().priceCall(usage, call);

/** {@link PriceBook.getModelPricing} by the bundled catalogue alone. */
export const getModelPricing: PriceBook["getModelPricing"] = (model) =>
  book().getModelPricing(model);

/** {@link PriceBook.listModels} of the bundled catalogue. */
export const listModels: PriceBook["listModels"] = () => book().listModels();

/** {@link PriceBook.comparePrices} by the bundled catalogue alone. */
export const comparePrices: PriceBook["comparePrices"] = (usage, models) =>
  book().comparePrices(usage, models);
