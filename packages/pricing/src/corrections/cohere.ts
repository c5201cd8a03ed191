import type { PriceCorrection } from "./correction.ts";

export const COHERE_CORRECTIONS: readonly PriceCorrection[] = [
  {
    provider: "cohere",
    models: ["rerank-v3.5"],
    prices: { perSearchUnit: "0.002" },
    // https://cohere.com/pricing explains the unit, and no longer says what one costs.
    confirmed: "third-party",
    source: "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json",
    checkedOn: "2026-11-22",
    reason: "the catalogue has no price for searches",
  },
];
