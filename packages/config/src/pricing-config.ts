import type { Catalogue, ListedPrices, PriceOverride } from "@tollgate/pricing";

/** What people write about prices. */
export interface PricingInput {
  /** Prices that beat every other source; of several that match and hold, the last counts. */
  readonly overrides?: readonly PriceOverride[] | undefined;
  /** Models behind names of one's own: deployments of Azure, application inference profiles of Bedrock. */
  readonly deployments?: Readonly<Record<string, string>> | undefined;
  /**
   * What becomes of a call to a model without a price: it is counted as unpriced, refused before it leaves, or
   * priced at a fallback.
   *
   * @defaultValue `count`
   */
  readonly onUnpriced?: OnUnpriced | undefined;
  /** A file of refreshed price data; relative to the configuration's folder. @defaultValue none */
  readonly catalogue?: string | undefined;
}

export type OnUnpriced = "count" | "deny" | { readonly price: ListedPrices };

/** The same, checked. */
export interface PricingDocument {
  readonly overrides: readonly PriceOverride[];
  readonly deployments: Readonly<Record<string, string>>;
  readonly onUnpriced: OnUnpriced;
  readonly catalogue?: string | undefined;
}

/** What `createPricer` takes, and what becomes of calls without a price. */
export interface PricingConfig {
  readonly overrides: readonly PriceOverride[];
  readonly deployments: Readonly<Record<string, string>>;
  readonly onUnpriced: "count" | "deny";
  readonly fallback: ListedPrices | undefined;
  readonly catalogue: Catalogue | undefined;
}

/** What an empty file means. */
export const DEFAULT_PRICING: PricingConfig = {
  overrides: [],
  deployments: {},
  onUnpriced: "count",
  fallback: undefined,
  catalogue: undefined,
};
