import { nanoUsdToUsd } from "@tollgate/core";
import { forecastSpend, type Forecast } from "@tollgate/insight";
import type { EventFilter, Ledger } from "@tollgate/ledger";

/** Weeks enough to know an ordinary one. */
const LEARNED_MS = 56 * 86_400_000;

/** What will have been spent in US dollars, between two times, by all that match. */
export async function forecastUsd(
  ledger: Pick<Ledger, "series">,
  filter: EventFilter,
  {
    nowMs,
    startMs,
    untilMs,
  }: { readonly nowMs: number; readonly startMs: number; readonly untilMs: number },
): Promise<Forecast> {
  const fromMs = Math.min(startMs, nowMs - LEARNED_MS);
  const [series] = await ledger.series({ ...filter, step: "hour", fromMs, untilMs: nowMs });
  const points = (series?.points ?? []).map(({ timeMs, costNanoUsd }) => ({
    timeMs,
    amount: nanoUsdToUsd(costNanoUsd),
  }));
  return forecastSpend({ points, nowMs, startMs, untilMs });
}
