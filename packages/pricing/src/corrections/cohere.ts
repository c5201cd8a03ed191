import type { PriceCorrection } from "./correction.ts";

export const COHERE_CORRECTIONS: readonly PriceCorrection[] = [
  {
    provider: "cohere",
    models: ["rerank-v3.5", "rerank-english-v3.0", "rerank-multilingual-v3.0"],
    prices: { perSearchUnit: "0.002" },
    source: "https://cohere.com/pricing",
    checkedOn: "2026-11-22",
    reason: "the catalogue has no price for searches",
  },
];
