export { createPromQlAggregates } from "./promql/promql-aggregates.ts";
export type { PromQlAggregatesOptions } from "./promql/promql-aggregates.ts";
export type { Dialect } from "./promql/expression.ts";
export type { PrometheusApiOptions } from "./promql/prometheus-api.ts";
export { createSdkAggregates } from "./sdk-aggregates.ts";
export type { SdkAggregates, SdkAggregatesOptions } from "./sdk-aggregates.ts";
export type { AggregateSource, AggregateWatch, OpenAggregates } from "./source.ts";
