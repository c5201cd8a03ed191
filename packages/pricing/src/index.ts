export type { BillingTerms, Tier } from "./billing-terms.ts";
export type {
  Catalogue,
  CatalogueModel,
  CatalogueProvider,
  ConditionalPrice,
  MatchLogic,
  ModelPrice,
  PriceConstraint,
  TieredPrice,
} from "./catalogue-format.ts";
export { createCurrentPricer } from "./current-pricer.ts";
export type { CurrentPricer } from "./current-pricer.ts";
export type { UsdPrice } from "./decimal.ts";
export type { ListedPrices, PriceTier, TokenPrices, UnitPrices } from "./listed-prices.ts";
export { findOverrideMistakes, findPriceMistakes } from "./override-mistakes.ts";
export type { OverrideMistake } from "./override-mistakes.ts";
export type { PriceOverride, SelfHosted } from "./price-override.ts";
export {
  comparePrices,
  createPricer,
  getModelPricing,
  listModels,
  priceCall,
} from "./price-book.ts";
export type { ComparedPrice, ListedModel, ModelAt, ModelPricing, PriceBook } from "./price-book.ts";
export type { PriceQuote, QuotedTier } from "./price-quote.ts";
export type { BoundedCall, PricedCall, Pricer, PricerOptions } from "./pricer.ts";
export { findPriceWarnings } from "./price-warnings.ts";
export type { PriceWarning } from "./price-warnings.ts";
