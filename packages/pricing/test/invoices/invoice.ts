import type { CostType, TokenUsage } from "@tollgate/core";
import type { BillingTerms } from "../../src/index.ts";

/** One invoice worked out by hand from a provider's price page, as it was on 2026-11-22. */
export interface Invoice {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly terms?: BillingTerms;
  /** @defaultValue 2026-09-01T12:00:00Z, a Tuesday */
  readonly at?: string;
  readonly page: string;
  /** What the page says, line by line: US dollars per million tokens, or for each. */
  readonly usdPerMtok: readonly string[];
  readonly usage: TokenUsage;
  readonly parts: Partial<Record<CostType, number>>;
  readonly totalNanoUsd: number;
}
