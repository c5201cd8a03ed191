export { createPricer } from "./pricer.ts";
export type { BoundedCall, PricedCall, Pricer, PricerOptions } from "./pricer.ts";
export { priceOverrideSchema } from "./price-override.ts";
export type { PriceOverride, UsdPrice } from "./price-override.ts";
