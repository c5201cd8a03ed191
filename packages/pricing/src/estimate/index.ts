export { boundCall } from "./bound-call.ts";
export type { BoundOptions, EstimatedBound } from "./bound-call.ts";
export { estimateCall } from "./estimate-call.ts";
export type { CallEstimate, EstimatedCall } from "./estimate-call.ts";
export { estimateUsage } from "./estimate-usage.ts";
