export { createPricer } from "./pricer.ts";
export type { BoundedCall, PricedCall, Pricer, PricerOptions } from "./pricer.ts";
export { priceMistake } from "./override-mistakes.ts";
export type { PriceKey } from "./override-mistakes.ts";
export type { PriceOverride, UsdPrice } from "./price-override.ts";
