import {
  MAX_NANO_USD,
  TollgateError,
  UNPRICED,
  type CallCost,
  type ModelUsage,
  type TokenUsage,
} from "@tollgate/core";
import type { BillingTerms } from "./billing-terms.ts";
import { bundledCatalogue, openCatalogue } from "./catalogue.ts";
import type { Catalogue } from "./catalogue-format.ts";
import { charge } from "./charge.ts";
import { countReasoning, readCount } from "./input-counts.ts";
import { createInvoice, splitBill, totalOf, type Invoice } from "./invoice.ts";
import type { PriceOverride } from "./price-override.ts";
import { tableOf, type ListedPrices } from "./listed-prices.ts";
import { findPriceMistakes } from "./override-mistakes.ts";
import { boundOf, pricesTokens } from "./price-bound.ts";
import { readOverrides } from "./find-overrides.ts";
import { createModelResolver, type ModelResolver } from "./resolve-model.ts";
import { priceAt, type PriceOrigin, type ScheduledPrice } from "./schedule.ts";

/** What a price depends on besides the usage. */
export interface PricedCall extends BillingTerms {
  /** `gen_ai.provider.name`, such as `openai` or `anthropic`. */
  readonly provider: string;
  /** The model that answered; the requested one when the answer names none. */
  readonly model: string | undefined;
  /** When the call was made, milliseconds since the epoch: prices change by date and hour. */
  readonly timeMs: number;
  /** The tier that served the call, in the provider's word: `batch`, `flex`, `priority`. */
  readonly serviceTier?: string | undefined;
  /** `fast` where the provider has a fast mode at a price of its own (Anthropic). */
  readonly speed?: string | undefined;
  /** Where the call was processed, when the provider charges for that: `us`, `europe-west1`. */
  readonly region?: string | undefined;
  /** Tokens of the same answer that are billed at other models' prices. */
  readonly additionalUsage?: readonly ModelUsage[] | undefined;
  /** What the provider says it billed, in whole nano-USD; wins over the catalogue. */
  readonly providerCostNanoUsd?: number | undefined;
}

/** How many tokens a call may use at the most, whatever they turn out to be. */
export interface BoundedCall extends BillingTerms {
  readonly provider: string;
  readonly model: string;
  readonly timeMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Prices calls. Synchronous and without I/O: all data is in memory. */
export interface Pricer {
  /** Version of the price data behind it, such as `genai-prices/0.1.8`. */
  readonly catalogueVersion: string;
  /** The day of that data, `YYYY-MM-DD`. */
  readonly catalogueDate: string;
  /**
   * The price of one call, rounded up once to whole nano-USD.
   *
   * An override beats what the provider says it billed, and that beats the catalogue. Never throws:
   * usage that makes no sense (more cached than input tokens) is priced as the dearer reading; an
   * unknown model or absent counts give `priceSource: "unpriced"`; where some of the usage has no
   * price or no count, or the terms cost more by an unknown amount, the total is that of the rest and
   * `partial`. Amounts end at `MAX_NANO_USD`.
   */
  priceCall(usage: TokenUsage, call: PricedCall): CallCost;
  /**
   * No call with at most these tokens costs more by the same prices, whatever is cached, spoken or
   * shown: the dearest price class for every token, and the fee of a request; never below the list price,
   * since a cheaper tier may not be granted. Tokens only: fees of server tools such as web searches have
   * no bound here.
   *
   * @returns whole nano-USD; `undefined` when the model has no price.
   */
  priceBound(call: BoundedCall): number | undefined;
  /**
   * Whether a model has a price: an override's, the catalogue's or the fallback. Before a call nothing is
   * known of what the provider will say it billed.
   */
  hasPrice(call: Pick<PricedCall, "provider" | "model" | "timeMs">): boolean;
  /** Tokens that fit in the model's context, where the catalogue says so. */
  contextWindow(provider: string, model: string): number | undefined;
}

export interface PricerOptions {
  /** Prices that beat the catalogue; of several that match a model, the last counts. */
  readonly overrides?: readonly PriceOverride[] | undefined;
  /** Price data that beats the bundled one, model by model. @defaultValue none */
  readonly catalogue?: Catalogue | undefined;
  /**
   * Which model is behind a name of your own: deployments of Azure, application inference profiles of
   * Bedrock by their ARN. @defaultValue none
   */
  readonly deployments?: Readonly<Record<string, string>> | undefined;
  /**
   * The price of models that have none. What it prices says so: `priceSource: "fallback"`.
   *
   * @defaultValue none: they are unpriced
   */
  readonly fallback?: ListedPrices | undefined;
}

/** What a pricer is made of. */
export interface PricerParts {
  readonly pricer: Pricer;
  readonly resolve: ModelResolver;
}

export function assemblePricer(options: PricerOptions): PricerParts {
  const given = options.catalogue && openCatalogue(options.catalogue);
  const resolve = createModelResolver({
    findOverrides: readOverrides(options.overrides ?? []),
    catalogues: given === undefined ? [bundledCatalogue] : [given, bundledCatalogue],
    deployments: options.deployments,
  });
  const { version, date } = given ?? bundledCatalogue;
  const fallback = options.fallback && readFallback(options.fallback);
  return { resolve, pricer: pricerOver(resolve, fallback, version, date) };
}

function pricerOver(
  resolve: ModelResolver,
  fallback: ScheduledPrice | undefined,
  catalogueVersion: string,
  catalogueDate: string,
): Pricer {
  const priceOf = (
    provider: string,
    model: string | undefined,
    timeMs: number,
    terms?: BillingTerms,
  ): ScheduledPrice | undefined => {
    const price =
      model === undefined ? undefined : priceAt(resolve(provider, model, terms).schedule, timeMs);
    return price?.table === undefined ? fallback : price;
  };

  return {
    catalogueVersion,
    catalogueDate,

    priceCall(usage, call) {
      const { provider, timeMs } = call;
      const invoice = createInvoice();
      const price = priceOf(provider, call.model, timeMs, call);
      let priced = charge(invoice, countReasoning(provider, usage), price, fallback, true);
      if (call.additionalUsage !== undefined) {
        for (const more of call.additionalUsage) {
          const other = priceOf(provider, more.model, timeMs, call);
          const charged = charge(
            invoice,
            countReasoning(provider, more.usage),
            other,
            fallback,
            false,
          );
          priced ??= charged;
        }
      }
      return closeInvoice(invoice, priced, call.providerCostNanoUsd);
    },

    priceBound(call) {
      const { provider, model, timeMs } = call;
      const listed = boundWith(priceOf(provider, model, timeMs), fallback, call);
      const asked = boundWith(priceOf(provider, model, timeMs, call), fallback, call);
      return listed === undefined || asked === undefined ? undefined : Math.max(listed, asked);
    },

    hasPrice: ({ provider, model, timeMs }) => priceOf(provider, model, timeMs) !== undefined,

    contextWindow: (provider, model) => resolve(provider, model).contextWindow,
  };
}

function readFallback(prices: ListedPrices): ScheduledPrice {
  const mistakes = findPriceMistakes(prices);
  if (mistakes.length > 0) {
    const said = mistakes.map(
      ({ path, message }) => `${["fallback", ...path].join(".")}: ${message}`,
    );
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `The fallback price is invalid: ${said.join("; ")}`,
    );
  }
  return { condition: {}, table: tableOf(prices, ""), origin: FALLBACK };
}

const FALLBACK: PriceOrigin = { priceSource: "fallback", pricedModel: undefined, match: undefined };

function boundWith(
  price: ScheduledPrice | undefined,
  fallback: ScheduledPrice | undefined,
  call: BoundedCall,
): number | undefined {
  const input = readCount(call.inputTokens);
  const output = readCount(call.outputTokens);
  // What costs more by an unknown amount has no bound.
  if (price?.table === undefined || price.understated === true) return undefined;
  const table = pricesTokens(price.table) ? price.table : fallback?.table;
  if (table === undefined || input === undefined || output === undefined) return undefined;
  return boundOf(table, input, output);
}

function closeInvoice(
  invoice: Invoice,
  origin: PriceOrigin | undefined,
  providerCostNanoUsd: number | undefined,
): CallCost {
  if (origin?.priceSource !== "override" && isAmount(providerCostNanoUsd)) {
    const totalNanoUsd = Math.min(Math.ceil(Math.abs(providerCostNanoUsd)), MAX_NANO_USD);
    return { totalNanoUsd, parts: splitBill(totalNanoUsd, invoice), priceSource: "provider" };
  }
  if (origin === undefined || (invoice.incomplete && invoice.lines.length === 0)) return UNPRICED;
  const { totalNanoUsd, parts } = totalOf(invoice);
  const { priceSource, pricedModel, match } = origin;
  const cost = { totalNanoUsd, parts, priceSource, pricedModel, match };
  const { catalogueVersion, catalogueDate } = origin;
  if (invoice.incomplete) return { ...cost, catalogueVersion, catalogueDate, partial: true };
  // Spelt out twice, since an object that is copied takes longer to make than the whole price.
  return catalogueVersion === undefined
    ? cost
    : { totalNanoUsd, parts, priceSource, pricedModel, match, catalogueVersion, catalogueDate };
}

function isAmount(nanoUsd: number | undefined): nanoUsd is number {
  return nanoUsd !== undefined && nanoUsd >= 0;
}
