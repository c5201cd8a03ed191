export * from "./attributes.ts";
export * from "./collector-metrics.ts";
export type { MetricDefinition } from "./metric-definition.ts";
export * from "./metrics.ts";
export * from "./collector-metrics.ts";
