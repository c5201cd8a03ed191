import { createPricer } from "./price-book.ts";
import type { Pricer, PricerOptions } from "./pricer.ts";

/** Prices that can be replaced while calls go on. */
export interface CurrentPricer extends Pricer {
  /** @returns a function that puts these prices in force. @throws TollgateError as `createPricer`. */
  prepare(options: PricerOptions): () => void;
}

/** @throws TollgateError as `createPricer`. */
export function createCurrentPricer(options: PricerOptions): CurrentPricer {
  let current = createPricer(options);
  return {
    get catalogueVersion() {
      return current.catalogueVersion;
    },
    priceCall: (usage, call) => current.priceCall(usage, call),
    priceBound: (call) => current.priceBound(call),
    hasPrice: (call) => current.hasPrice(call),
    contextWindow: (provider, model) => current.contextWindow(provider, model),
    prepare(next) {
      const prepared = createPricer(next);
      return () => {
        current = prepared;
      };
    },
  };
}
