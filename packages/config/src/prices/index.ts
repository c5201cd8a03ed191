export { refreshPrices } from "./refresh-prices.ts";
export type { Refreshed, RefreshOptions } from "./refresh-prices.ts";
