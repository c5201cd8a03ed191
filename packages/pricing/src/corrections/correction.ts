import type { Sighting } from "../confirmation.ts";
import type { ListedPrices } from "../listed-prices.ts";

/**
 * A price that the catalogue has wrong, stale or not at all, and where it is from. A catalogue of the day
 * on which it was seen or later needs no correction.
 */
export interface PriceCorrection extends Sighting {
  /** The catalogue's id of the provider. */
  readonly provider: string;
  /** Ids of models; `*` stands for any characters. */
  readonly models: readonly string[];
  /** Moments in UTC, such as `2026-09-29` or `2026-08-16T16:00:00Z`; until is the first one without it. */
  readonly effectiveFrom?: string | undefined;
  readonly effectiveUntil?: string | undefined;
  /** Hours in UTC as `HH:MM`, Monday to Friday by UTC where said. */
  readonly daily?:
    | { readonly from: string; readonly to: string; readonly weekdaysOnly?: boolean }
    | undefined;
  readonly prices: ListedPrices;
  /** What is wrong in the catalogue. */
  readonly reason: string;
  readonly contextWindow?: number | undefined;
}
