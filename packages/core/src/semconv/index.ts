export * from "./attributes.ts";
export * from "./metrics.ts";
