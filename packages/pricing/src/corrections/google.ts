import type { PriceCorrection } from "./correction.ts";

export const GOOGLE_CORRECTIONS: readonly PriceCorrection[] = [
  {
    provider: "google",
    models: ["claude-opus-4-6", "claude-opus-4-6@*"],
    effectiveFrom: "2026-03-13",
    prices: {
      inputPerMtok: "5",
      cacheReadPerMtok: "0.50",
      cacheWritePerMtok: "6.25",
      cacheWrite1hPerMtok: "10",
      outputPerMtok: "25",
    },
    source: "https://platform.claude.com/docs/en/about-claude/pricing#long-context-pricing",
    checkedOn: "2026-11-22",
    reason: "long prompts stopped costing more; the catalogue knows it of Anthropic's own API only",
    contextWindow: 1_000_000,
  },
];
