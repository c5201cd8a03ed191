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
    confirmed: "provider",
    source: "https://platform.claude.com/docs/en/models/sonnet-5-5/overview",
    reason: "it came out after the catalogue, which takes it for Claude Sonnet 5",
  },
  {
    ...CHECKED,
    models: ["claude-sonnet-5-5", "claude-sonnet-5-5-20??????"],
    effectiveFrom: "2026-10-07",
    prices: { ...SONNET_5_5, cacheReadPerMtok: "0.10" },
    confirmed: "provider",
    source: "https://platform.claude.com/docs/en/release-notes/overview",
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
    // Anthropic's own page was seen up to the cache writes: all but what a read costs.
    confirmed: "third-party",
    source: "https://github.com/kurofune/claudit/releases/tag/v1.9.2",
    reason: "it came out after the catalogue",
  },
];
