import type { Attribution } from "@tollgate/core";
import type { CleanedEvent } from "../clean/clean-event.ts";
import type { LedgerEvent, StoredEvent } from "../event.ts";
import { modelOf } from "../rollup/dimensions.ts";
import { MEASURES, type Measures } from "../rollup/measures.ts";
import { STATES, type EventRow } from "../schema/tables.ts";
import { ATTRIBUTION_COLUMNS, toAttribution, toColumns } from "./attribution-columns.ts";
import { traceOfKey } from "./key-hash.ts";

/** In the order in which they are inserted. */
export const EVENT_COLUMNS: readonly (keyof EventRow)[] = [
  "sequence",
  "key_hash",
  "state",
  "due_ms",
  "time_ms",
  "received_ms",
  ...ATTRIBUTION_COLUMNS,
  "provider",
  "model",
  "outcome",
  "source",
  "ref_type",
  "ref_id",
  "trace_id",
  ...MEASURES,
  "detail",
];

type InColumns =
  | "attribution"
  | "timeMs"
  | "source"
  | "refType"
  | "refId"
  | "provider"
  | "outcome"
  | "responseModel";
/** Left out where they are empty, false, or said by the key. */
type Usual =
  | "id"
  | "traceId"
  | "spanId"
  | "streaming"
  | "estimated"
  | "additionalUsage"
  | "finishReasons"
  | "toolCalls";

/** With every member named: one that is forgotten does not compile. */
type Told<Some> = { readonly [Key in keyof Required<Some>]: Some[Key] };

type Maybe<Some> = { readonly [Key in keyof Some]?: Some[Key] | undefined };

/** What the columns do not say. */
interface Detail extends Omit<LedgerEvent, InColumns | Usual>, Maybe<Pick<LedgerEvent, Usual>> {
  readonly attribution: Attribution | undefined;
  readonly cleaned: readonly string[] | undefined;
  /** Whether the model is the answering one. */
  readonly answered: true | undefined;
}

/** Where and how an event is kept. */
export interface Place {
  readonly sequence: number;
  readonly keyHash: Uint8Array;
  readonly state: number;
  readonly dueMs: number | undefined;
  readonly receivedMs: number;
}

export function toEventRow(
  { event, cleaned }: CleanedEvent,
  place: Place,
  sums: Measures,
): EventRow {
  const { attribution, timeMs, source, refType, refId, provider, outcome } = event;
  return {
    sequence: place.sequence,
    key_hash: place.keyHash,
    state: place.state,
    due_ms: place.dueMs ?? null,
    time_ms: timeMs,
    received_ms: place.receivedMs,
    ...toColumns(attribution),
    provider,
    model: modelOf(event) ?? null,
    outcome,
    source,
    ref_type: refType ?? null,
    ref_id: refId ?? null,
    trace_id: traceOfKey(event.key) === event.traceId ? null : (event.traceId ?? null),
    ...sums,
    detail: JSON.stringify(detailOf(event, cleaned)),
  };
}

function detailOf(event: LedgerEvent, cleaned: readonly string[] | undefined): Detail {
  const { attribution, id, traceId, spanId } = event;
  const { iteration, checkpoint, tags } = attribution;
  const isNamed = iteration !== undefined || checkpoint !== undefined || tags !== undefined;
  const isSpan = event.key === `span:${traceId}:${spanId}`;
  // Named one by one: copies of what is left of an event cost more than all else that is done with it.
  const detail: Told<Detail> = {
    key: event.key,
    sender: event.sender,
    scope: event.scope,
    ancestors: event.ancestors,
    note: event.note,
    fetched: event.fetched,
    operation: event.operation,
    api: event.api,
    requestModel: event.requestModel,
    responseId: event.responseId,
    usage: event.usage,
    cost: event.cost,
    errorType: event.errorType,
    durationMs: event.durationMs,
    timeToFirstChunkMs: event.timeToFirstChunkMs,
    chunks: event.chunks,
    parentSpanId: event.parentSpanId,
    calls: event.calls,
    id: event.key === `call:${id}` ? undefined : id,
    traceId: isSpan ? undefined : traceId,
    spanId: isSpan ? undefined : spanId,
    streaming: event.streaming || undefined,
    estimated: event.estimated || undefined,
    additionalUsage: filled(event.additionalUsage),
    finishReasons: filled(event.finishReasons),
    toolCalls: filled(event.toolCalls),
    attribution: isNamed ? { iteration, checkpoint, tags } : undefined,
    answered: event.responseModel === undefined ? undefined : true,
    cleaned,
  };
  return detail;
}

function filled<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined;
}

type StoredColumns = Omit<EventRow, "key_hash" | "due_ms" | "trace_id" | keyof Measures>;

/** The columns that {@link toStoredEvent} reads. */
export const STORED_COLUMNS: readonly (keyof StoredColumns)[] = [
  "sequence",
  "state",
  "time_ms",
  "received_ms",
  ...ATTRIBUTION_COLUMNS,
  "provider",
  "model",
  "outcome",
  "source",
  "ref_type",
  "ref_id",
  "detail",
];

/** @returns what {@link toEventRow} was given. */
export function toStoredEvent(row: StoredColumns): StoredEvent {
  const detail: Detail & Pick<LedgerEvent, "outcome"> = {
    ...JSON.parse(row.detail),
    outcome: row.outcome,
  };
  const { answered, ...said } = detail;
  const [, traceId, spanId] = /^span:([^:]*):(.*)$/.exec(detail.key) ?? [];
  return {
    ...said,
    id: said.id ?? said.key.slice("call:".length),
    ...usual(said),
    traceId: said.traceId ?? traceId,
    spanId: said.spanId ?? spanId,
    responseModel: answered === true ? (row.model ?? undefined) : undefined,
    sequence: row.sequence,
    state: STATES[row.state] ?? "booked",
    timeMs: row.time_ms,
    receivedMs: row.received_ms,
    attribution: toAttribution(row, detail.attribution),
    provider: row.provider,
    source: row.source,
    refType: row.ref_type ?? undefined,
    refId: row.ref_id ?? undefined,
  };
}

/** What is left out of details. */
function usual({
  streaming,
  estimated,
  additionalUsage,
  finishReasons,
  toolCalls,
}: Maybe<Pick<LedgerEvent, Usual>>) {
  return {
    streaming: streaming ?? false,
    estimated: estimated ?? false,
    additionalUsage: additionalUsage ?? [],
    finishReasons: finishReasons ?? [],
    toolCalls: toolCalls ?? [],
  };
}
