const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What to write, for messages. */
export const DURATION_HINT = 'a duration such as "30s", "15m", "1h", "7d" or a number of seconds';

/**
 * Reads `"90s"`, `"1.5h"` (units ms, s, m, h, d) or a number of seconds.
 *
 * @returns whole milliseconds, or `undefined` when it is neither.
 */
export function parseDurationMs(duration: string | number): number | undefined {
  const match =
    typeof duration === "number"
      ? [undefined, String(duration), "s"]
      : /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/.exec(duration);
  const unitMs = UNIT_MS[match?.[2] ?? ""];
  if (unitMs === undefined) return undefined;
  const durationMs = Math.round(Number(match?.[1]) * unitMs);
  return Number.isSafeInteger(durationMs) && durationMs >= 0 ? durationMs : undefined;
}
