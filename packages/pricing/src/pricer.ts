import {
  MAX_NANO_USD,
  UNPRICED,
  type CallCost,
  type ModelUsage,
  type TokenUsage,
} from "@tollgate/core";
import { CATALOGUE_VERSION } from "./catalogue.ts";
import { addLine, createInvoice, splitBill, totalOf, type Invoice } from "./invoice.ts";
import { itemize, readCount, saysTokens } from "./itemize.ts";
import { boundOf } from "./price-bound.ts";
import { readOverrides, type PriceOverride } from "./price-override.ts";
import { createModelResolver, type ResolvedModel } from "./resolve-model.ts";
import { tableAt } from "./schedule.ts";

/** What a price depends on besides the usage. */
export interface PricedCall {
  /** `gen_ai.provider.name`, such as `openai` or `anthropic`. */
  readonly provider: string;
  /** The model that answered; the requested one when the answer names none. */
  readonly model: string | undefined;
  /** When the call was made, milliseconds since the epoch: prices change by date and hour. */
  readonly timeMs: number;
  readonly serviceTier?: string | undefined;
  /** Tokens of the same answer that are billed at other models' prices. */
  readonly additionalUsage?: readonly ModelUsage[] | undefined;
  /** What the provider says it billed, in whole nano-USD; wins over the catalogue. */
  readonly providerCostNanoUsd?: number | undefined;
}

/** How many tokens a call may use at the most, whatever they turn out to be. */
export interface BoundedCall {
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
  /**
   * The price of one call, rounded up once to whole nano-USD.
   *
   * An override beats what the provider says it billed, and that beats the catalogue. Never throws:
   * usage that makes no sense (more cached than input tokens) is priced as the dearer reading; an
   * unknown model or absent counts give `priceSource: "unpriced"`; where some of the usage has no
   * price or no count, the total is that of the rest and `partial`. Amounts end at `MAX_NANO_USD`.
   */
  priceCall(usage: TokenUsage, call: PricedCall): CallCost;
  /**
   * No call with at most these tokens costs more by the same prices, whatever is cached, spoken or
   * shown: the dearest price class for every token, and the fee of a request. Tokens only: fees of
   * server tools such as web searches have no bound here.
   *
   * @returns whole nano-USD; `undefined` when the model has no price.
   */
  priceBound(call: BoundedCall): number | undefined;
  /** Tokens that fit in the model's context, where the catalogue says so. */
  contextWindow(provider: string, model: string): number | undefined;
}

export interface PricerOptions {
  /** Prices that beat the catalogue; of several that match a model, the last counts. */
  readonly overrides?: readonly PriceOverride[] | undefined;
}

/**
 * Makes a pricer over the bundled catalogue.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when an override makes no sense, naming its index
 *   and key.
 */
export function createPricer(options: PricerOptions = {}): Pricer {
  const resolve = createModelResolver(readOverrides(options.overrides ?? []));

  return {
    catalogueVersion: CATALOGUE_VERSION,

    priceCall(usage, call) {
      const invoice = createInvoice();
      const main = call.model === undefined ? undefined : resolve(call.provider, call.model);
      let priced = charge(invoice, usage, main, call.timeMs, true);
      if (call.additionalUsage !== undefined) {
        for (const more of call.additionalUsage) {
          const model = resolve(call.provider, more.model);
          const charged = charge(invoice, more.usage, model, call.timeMs, false);
          priced ??= charged;
        }
      }
      return closeInvoice(invoice, priced, call.providerCostNanoUsd);
    },

    priceBound({ provider, model, timeMs, inputTokens, outputTokens }) {
      const table = tableAt(resolve(provider, model).schedule, timeMs);
      const input = readCount(inputTokens);
      const output = readCount(outputTokens);
      if (table === undefined || input === undefined || output === undefined) return undefined;
      return boundOf(table, input, output);
    },

    contextWindow: (provider, model) => resolve(provider, model).contextWindow,
  };
}

/** Adds one model's usage. @returns the model when it has a price. */
function charge(
  invoice: Invoice,
  usage: TokenUsage,
  model: ResolvedModel | undefined,
  timeMs: number,
  isRequest: boolean,
): ResolvedModel | undefined {
  const table = model === undefined ? undefined : tableAt(model.schedule, timeMs);
  if (table === undefined || !saysTokens(usage)) {
    invoice.incomplete = true;
    return undefined;
  }
  itemize(invoice, usage, table);
  if (isRequest && table.picoUsdPerRequest > 0) {
    addLine(invoice, "request", 1, table.picoUsdPerRequest);
  }
  return model;
}

function closeInvoice(
  invoice: Invoice,
  model: ResolvedModel | undefined,
  providerCostNanoUsd: number | undefined,
): CallCost {
  if (model?.source !== "override" && isAmount(providerCostNanoUsd)) {
    const totalNanoUsd = Math.min(Math.ceil(Math.abs(providerCostNanoUsd)), MAX_NANO_USD);
    return { totalNanoUsd, parts: splitBill(totalNanoUsd, invoice), priceSource: "provider" };
  }
  if (model === undefined || (invoice.incomplete && invoice.lines.length === 0)) return UNPRICED;
  const { totalNanoUsd, parts } = totalOf(invoice);
  return {
    totalNanoUsd,
    parts,
    priceSource: model.source,
    pricedModel: model.pricedModel,
    match: model.match,
    ...(model.source === "catalogue" && { catalogueVersion: CATALOGUE_VERSION }),
    ...(invoice.incomplete && { partial: true }),
  };
}

function isAmount(nanoUsd: number | undefined): nanoUsd is number {
  return nanoUsd !== undefined && nanoUsd >= 0;
}
