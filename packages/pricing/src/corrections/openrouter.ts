import type { PriceCorrection } from "./correction.ts";

const CHECKED = {
  provider: "openrouter",
  confirmed: "provider",
  checkedOn: "2026-11-22",
} as const;

/** What it sends to a host that charges otherwise costs otherwise: its answers say what it billed. */
export const OPENROUTER_CORRECTIONS: readonly PriceCorrection[] = [
  {
    ...CHECKED,
    models: ["deepseek/deepseek-r1"],
    effectiveFrom: "2026-08-03",
    prices: { inputPerMtok: "0.70", outputPerMtok: "2.50" },
    source: "https://openrouter.ai/deepseek/deepseek-r1",
    reason: "the catalogue has the price of a host that does not serve it any more",
  },
  {
    ...CHECKED,
    models: ["openai/text-embedding-3-small", "text-embedding-3-small"],
    prices: { inputPerMtok: "0.02", outputPerMtok: "0" },
    source: "https://openrouter.ai/openai/text-embedding-3-small",
    reason: "the catalogue has none of its models for embeddings; its answers leave out the maker",
  },
  {
    ...CHECKED,
    models: ["cohere/rerank-v3.5", "rerank-v3.5"],
    // The page has no price for searches; this is what an answer said was billed for one.
    prices: { perSearchUnit: "0.001" },
    source: "https://openrouter.ai/cohere/rerank-v3.5",
    reason: "the catalogue has none of its rerankers; this one costs half of what Cohere takes",
  },
];
