import type { Attribution, Clock } from "@tollgate/core";
import { dialectOfPoint } from "../dialects/index.ts";
import type { OtlpBatch, PointRecord } from "../otlp/records.ts";
import { seriesIdentity } from "../series/series-identity.ts";
import type { Booking } from "./booking.ts";
import type { SeriesStates } from "./series-states.ts";
import type { Sighter } from "./sight-records.ts";

export interface BatchTakerOptions {
  readonly sighter: Sighter;
  readonly booking: Booking;
  readonly series: SeriesStates;
  readonly clock: Clock;
  /** Hears how many records told of a model call. */
  readonly onSighted: (count: number) => void;
}

/** Another replica may count the same series at the same time, now and then. */
const MOST_TRIES = 10;

/**
 * Takes what one request brought; durable when it resolves.
 *
 * @returns takes a batch and what its sender's token fixes.
 */
export function createBatchTaker(
  options: BatchTakerOptions,
): (batch: OtlpBatch, locked: Attribution) => Promise<void> {
  const { sighter, booking, series, clock, onSighted } = options;

  async function takePoints(records: readonly PointRecord[], locked: Attribution): Promise<void> {
    const claimed = records.filter((record) => dialectOfPoint(record) !== undefined);
    if (claimed.length === 0) return;
    const ids = [...new Set(claimed.map(seriesIdentity))];
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      /* oxlint-disable no-await-in-loop -- a try follows the one before */
      const turn = await series.read(ids, locked.organization ?? "");
      const sighted = sighter.points(claimed, turn.amounts, locked);
      if (await booking.take(sighted, turn.changes())) return onSighted(sighted.length);
      /* oxlint-enable no-await-in-loop */
    }
    throw new Error("the same series are being counted by too many at once");
  }

  return async ({ signal, records }, locked) => {
    if (signal === "metrics") return takePoints(records, locked);
    const sighted =
      signal === "traces"
        ? sighter.spans(records, locked, clock.now())
        : sighter.logs(records, locked);
    onSighted(sighted.length);
    if (sighted.length > 0) await booking.take(sighted);
  };
}
