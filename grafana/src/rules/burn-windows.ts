import type { BurnTier, GrafanaConfig } from "../config.ts";

/** A tier as it is for windows of one length. */
export interface BurnPair {
  readonly tier: BurnTier;
  /** The lengths it is for, seconds: above the first, up to the second. */
  readonly above: number;
  readonly upTo: number;
  readonly longMinutes: number;
  readonly shortMinutes: number;
}

const SHORTEST_MINUTES = 5;

/** Both windows of every tier, for days, weeks and months. */
export function burnPairs({ budget }: GrafanaConfig): readonly BurnPair[] {
  return budget.windows.flatMap(({ seconds, longestSeconds }, index) =>
    budget.burn.map((tier) => {
      const longMinutes = Math.max(
        tier.leastMinutes,
        Math.round((seconds * tier.windowShare) / 60),
      );
      return {
        tier,
        above: budget.windows[index - 1]?.longestSeconds ?? 0,
        upTo: longestSeconds,
        longMinutes,
        shortMinutes: Math.max(SHORTEST_MINUTES, Math.round(longMinutes / 12)),
      };
    }),
  );
}

/** All ranges there are, shortest first. */
export function burnRanges(config: GrafanaConfig): readonly number[] {
  const minutes = burnPairs(config).flatMap((pair) => [pair.shortMinutes, pair.longMinutes]);
  return [...new Set(minutes)].toSorted((a, b) => a - b);
}
