import type { PriceCorrection } from "./correction.ts";

const CHECKED = {
  provider: "anthropic",
  checkedOn: "2026-11-22",
  contextWindow: 1_000_000,
} as const;
const WEB_SEARCH = { perWebSearch: "0.01" } as const;
const SONNET_5_5 = {
  ...WEB_SEARCH,
  inputPerMtok: "2",
  cacheReadPerMtok: "0.20",
  cacheWritePerMtok: "2.50",
  cacheWrite1hPerMtok: "4",
  outputPerMtok: "10",
} as const;

export const ANTHROPIC_CORRECTIONS: readonly PriceCorrection[] = [
  {
    ...CHECKED,
    models: ["claude-sonnet-5-5", "claude-sonnet-5-5-20??????"],
    effectiveFrom: "2026-09-28",
    prices: SONNET_5_5,
    source: "https://platform.claude.com/docs/en/about-claude/pricing",
    reason: "it came out after the catalogue, which takes it for Claude Sonnet 5",
  },
  {
    ...CHECKED,
    models: ["claude-sonnet-5-5", "claude-sonnet-5-5-20??????"],
    effectiveFrom: "2026-10-07",
    prices: { ...SONNET_5_5, cacheReadPerMtok: "0.10" },
    source: "https://platform.claude.com/docs/en/about-claude/pricing",
    reason: "it came out after the catalogue; reading its cache became cheaper",
  },
  {
    ...CHECKED,
    models: ["claude-haiku-5-5", "claude-haiku-5-5-20??????"],
    effectiveFrom: "2026-10-07",
    prices: {
      ...WEB_SEARCH,
      inputPerMtok: "0.10",
      cacheReadPerMtok: "0.01",
      cacheWritePerMtok: "0.125",
      cacheWrite1hPerMtok: "0.20",
      outputPerMtok: "0.50",
      tiers: [
        {
          aboveInputTokens: 100_000,
          inputPerMtok: "0.50",
          cacheReadPerMtok: "0.05",
          cacheWritePerMtok: "0.625",
          cacheWrite1hPerMtok: "1",
          outputPerMtok: "2.50",
        },
      ],
    },
    source: "https://platform.claude.com/docs/en/models/haiku-5-5/overview",
    reason: "it came out after the catalogue",
  },
];
