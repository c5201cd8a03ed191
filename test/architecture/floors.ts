/** Bottom first. A package imports only from lower floors: the table of AGENTS.md. */
export const FLOORS: readonly (readonly string[])[] = [
  ["core"],
  ["wire", "pricing", "metering", "sqlite", "insight"],
  ["budget", "ledger"],
  ["instrumentation"],
  ["config"],
  ["node", "collector"],
  ["cli"],
];

/** Beside the floors: these import what is listed here only. */
export const SIDE: Readonly<Record<string, readonly string[]>> = {
  testkit: ["core"],
  grafana: ["core"],
};

/** Entries that run without Node, with what they may load besides each other. */
export const NODE_FREE_ENTRIES: readonly string[] = [
  "core/src/index.ts",
  "core/src/semconv/index.ts",
  "wire/src/index.ts",
  "wire/src/providers.ts",
  "pricing/src/index.ts",
  "pricing/src/estimate/index.ts",
  "pricing/src/refresh/index.ts",
  "metering/src/index.ts",
  "insight/src/index.ts",
  "budget/src/index.ts",
  "budget/src/checked.ts",
  "budget/src/aggregates/index.ts",
  "instrumentation/src/fetch/index.ts",
];

/** AsyncLocalStorage is on Bun, Deno and workers too. */
export const NODE_FREE_EXCEPTIONS: readonly string[] = ["core/src/attribution-context.ts"];

/** Dependencies that are known to run anywhere. */
export const NODE_FREE_DEPENDENCIES: readonly string[] = [
  "@opentelemetry/api",
  "@opentelemetry/sdk-metrics",
  "@pydantic/genai-prices",
  "gpt-tokenizer",
  "zod",
];

/** Files that only a build runs: what they make is shipped in their place. */
export const BUILD_FILES: readonly string[] = ["packages/pricing/src/catalogue-data.ts"];

/** `undefined` for a package that has no floor. */
export function floorOf(packageName: string): number | undefined {
  const floor = FLOORS.findIndex((names) => names.includes(packageName));
  return floor === -1 ? undefined : floor;
}

/** Whether code of one package may import another. */
export function mayImport(from: string, to: string): boolean {
  const side = SIDE[from];
  if (side !== undefined) return side.includes(to);
  const [fromFloor, toFloor] = [floorOf(from), floorOf(to)];
  return fromFloor !== undefined && toFloor !== undefined && toFloor < fromFloor;
}
