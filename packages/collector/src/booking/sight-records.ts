import type { Attribution } from "@tollgate/core";
import type { Pricer } from "@tollgate/pricing";
import type { Attributor } from "../attribution/attributor.ts";
import type { Dialect, Sighting } from "../dialects/dialect.ts";
import { dialectOfLog, dialectOfPoint, dialectOfSpan } from "../dialects/index.ts";
import type { LogRecord, PointRecord, SpanRecord } from "../otlp/records.ts";
import type { SeriesAmounts } from "../series/series-amounts.ts";
import { eventOf, type Place } from "./event-of.ts";
import type { KnownParents } from "./known-parents.ts";
import { senderOf } from "./sender-of.ts";
import type { Sighted } from "./sighted.ts";

/** Finds what records tell of model calls. */
export interface Sighter {
  spans(records: readonly SpanRecord[], locked: Attribution, nowMs: number): readonly Sighted[];
  logs(records: readonly LogRecord[], locked: Attribution): readonly Sighted[];
  points(
    records: readonly PointRecord[],
    amounts: SeriesAmounts,
    locked: Attribution,
  ): readonly Sighted[];
}

export interface SighterOptions {
  readonly attributor: Attributor;
  readonly pricer: Pricer;
  readonly parents: KnownParents;
}

export function createSighter({ attributor, pricer, parents }: SighterOptions): Sighter {
  function sighted(
    record: SpanRecord | LogRecord | PointRecord,
    sighting: Sighting,
    place: Place,
    locked: Attribution,
  ): Sighted {
    const attribution = attributor.attribute(record, sighting.attribution, locked);
    const sender =
      sighting.sender === undefined
        ? senderOf(record.origin, attribution.organization)
        : `${attribution.organization ?? ""}|${sighting.sender}`;
    const event = eventOf({ ...sighting, sender }, place, attribution, pricer);
    return { event, dialect: place.dialect, signal: place.signal };
  }

  function span(record: SpanRecord, dialect: Dialect, locked: Attribution): Sighted | undefined {
    const sighting = dialect.readSpan?.(record);
    if (sighting === undefined) return undefined;
    const { traceId, spanId, parentSpanId } = record;
    const ancestors = parents.ancestorsOf(locked.organization, traceId, parentSpanId);
    return sighted(
      record,
      sighting,
      { dialect, signal: "spans", traceId, spanId, ancestors },
      locked,
    );
  }

  return {
    spans(records, locked, nowMs) {
      for (const record of records) parents.note(locked.organization, record, nowMs);
      return records.flatMap((record) => {
        const dialect = dialectOfSpan(record);
        return (dialect && span(record, dialect, locked)) ?? [];
      });
    },
    logs: (records, locked) =>
      records.flatMap((record) => {
        const dialect = dialectOfLog(record);
        const sighting = dialect?.readLog?.(record);
        if (dialect === undefined || sighting === undefined) return [];
        const { traceId, spanId } = record;
        const place: Place = { dialect, signal: "logs", traceId, spanId, ancestors: [] };
        return [sighted(record, sighting, place, locked)];
      }),
    points: (records, amounts, locked) =>
      records.flatMap((record) => {
        const dialect = dialectOfPoint(record);
        if (dialect?.readPoint === undefined) return [];
        const added = amounts.take(record);
        const sighting = added && dialect.readPoint(record, added.amount);
        if (added === undefined || sighting === undefined) return [];
        const place: Place = {
          dialect,
          signal: "metrics",
          traceId: undefined,
          spanId: undefined,
          ancestors: [],
          pointKey: added.key,
        };
        return [sighted(record, sighting, place, locked)];
      }),
  };
}
