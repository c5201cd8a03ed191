export type { MetricLabel } from "./accounts.ts";
export { createMetering } from "./metering.ts";
export type { MeteredTotals, Metering } from "./metering.ts";
export type { MeteringOptions } from "./options.ts";
export { observePricesAge } from "./prices-age.ts";
export { createRunMetering } from "./runs.ts";
export type { RunMetering } from "./runs.ts";
