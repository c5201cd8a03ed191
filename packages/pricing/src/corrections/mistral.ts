import type { PriceCorrection } from "./correction.ts";

/** Mistral keeps the data of its documentation in the open: prices, names and days of release. */
const DOCS = "https://github.com/mistralai/platform-docs-public/blob/main/src/schema/models/models";
/** What reading the cache costs is what the catalogue has of the same models under their own names. */
const CHECKED = { provider: "mistral", checkedOn: "2026-11-22" } as const;

export const MISTRAL_CORRECTIONS: readonly PriceCorrection[] = [
  {
    ...CHECKED,
    models: ["mistral-large-latest"],
    effectiveFrom: "2025-12-02",
    prices: { inputPerMtok: "0.50", cacheReadPerMtok: "0.05", outputPerMtok: "1.50" },
    confirmed: "provider",
    source: `${DOCS}/mistral-large-3-25-12.ts`,
    reason: "the name moved on to Mistral Large 3; the catalogue has the price of Large 2",
  },
  {
    ...CHECKED,
    models: ["mistral-small-latest"],
    effectiveFrom: "2026-03-16",
    prices: { inputPerMtok: "0.15", cacheReadPerMtok: "0.015", outputPerMtok: "0.60" },
    confirmed: "provider",
    source: `${DOCS}/mistral-small-4-0-26-03.ts`,
    reason: "the name moved on to Mistral Small 4; the catalogue has the price of Small 3.2",
  },
  {
    ...CHECKED,
    models: ["mistral-large-4", "mistral-large-4-0"],
    effectiveFrom: "2026-10-06",
    prices: { inputPerMtok: "0.68", cacheReadPerMtok: "0.07", outputPerMtok: "2.09" },
    confirmed: "provider",
    source: `${DOCS}/mistral-large-4-0.ts`,
    reason: "it came out after the catalogue, at half the price at first",
  },
  {
    ...CHECKED,
    models: ["mistral-large-4", "mistral-large-4-0"],
    effectiveFrom: "2026-10-20",
    prices: { inputPerMtok: "1.36", cacheReadPerMtok: "0.14", outputPerMtok: "4.18" },
    // Mistral's page has this price next to the first one, and not the day on which that ended.
    confirmed: "third-party",
    source: "https://github.com/BlockRunAI/Franklin/releases/tag/v3.49.15",
    reason: "it came out after the catalogue",
  },
];
