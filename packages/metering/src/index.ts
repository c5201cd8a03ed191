export type { MetricLabel } from "./accounts.ts";
export { createMetering } from "./metering.ts";
export type { MeteredTotals, Metering, MeteringOptions } from "./metering.ts";
