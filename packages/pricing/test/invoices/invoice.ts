import type { CostType, TokenUsage } from "@tollgate/core";
import type { BillingTerms } from "../../src/index.ts";

/** One invoice worked out by hand from listed prices. */
export interface Invoice {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly terms?: BillingTerms;
  /** @defaultValue 2026-09-01T12:00:00Z, a Tuesday */
  readonly at?: string;
  /**
   * The page that has the prices. That of a correction or a premium was seen on 2026-11-22; other prices
   * are the catalogue's, which names these pages.
   */
  readonly page: string;
  /** Whether the page is of others than the provider, which the price must say. */
  readonly thirdParty?: true;
  /** What the page says, line by line: US dollars per million tokens, or for each. */
  readonly usdPerMtok: readonly string[];
  readonly usage: TokenUsage;
  readonly parts: Partial<Record<CostType, number>>;
  readonly totalNanoUsd: number;
}
