import { nanoUsdToUsd } from "@tollgate/core";
import type { StoredEvent } from "@tollgate/ledger";
import * as z from "zod";

const text = z.string().nullable();
const number = z.number().nullable();
const SHAPE = {
  id: z.string(),
  time: z.string().describe("When the call left, ISO 8601."),
  received: z.string().describe("When the ledger got it."),
  state: z.enum(["waiting", "booked", "duplicate"]),
  source: z.string().describe("Who told: instrumentation, report or a dialect of telemetry."),
  organization: text,
  project: text,
  task: text,
  workstream: text,
  repository: text,
  agent: text,
  session: text,
  user: text,
  commit: text,
  release: text,
  ref_type: text,
  ref_id: text,
  note: text,
  provider: z.string(),
  model: text.describe("The model that answered, else the one that was asked for."),
  operation: z.string(),
  tokens_in: number,
  tokens_out: number,
  cache_read_tokens: number,
  cache_write_tokens: number,
  reasoning_tokens: number,
  estimated: z.boolean(),
  cost_usd: number.describe("null: no price is known, which is not zero."),
  cost_nano_usd: number,
  price_source: z.string(),
  outcome: z.string(),
  error_type: text,
  duration_ms: number,
  time_to_first_chunk_ms: number,
  trace_id: text,
  span_id: text,
};

/** An event as REST gives it out: flat, `null` for what is not known. */
export type StoredEventJson = Readonly<Record<string, string | number | boolean | null>>;

export const STORED_EVENT_KEYS: readonly string[] = Object.keys(SHAPE);
export const storedEventSchema: z.ZodType = z.object(SHAPE);

export function storedEventJson(event: StoredEvent): StoredEventJson {
  const { attribution: by, usage, cost } = event;
  const nanoUsd = cost.totalNanoUsd;
  return withNulls({
    id: event.id,
    time: new Date(event.timeMs).toISOString(),
    received: new Date(event.receivedMs).toISOString(),
    state: event.state,
    source: event.source,
    organization: by.organization,
    project: by.project,
    task: by.task,
    workstream: by.workstream,
    repository: by.repository,
    agent: by.agent,
    session: by.session,
    user: by.user,
    commit: by.commit,
    release: by.release,
    ref_type: event.refType,
    ref_id: event.refId,
    note: event.note,
    provider: event.provider,
    model: event.responseModel ?? event.requestModel,
    operation: event.operation,
    tokens_in: usage?.inputTokens,
    tokens_out: usage?.outputTokens,
    cache_read_tokens: usage?.cacheReadTokens,
    cache_write_tokens: usage?.cacheWriteTokens,
    reasoning_tokens: usage?.reasoningTokens,
    estimated: event.estimated,
    cost_usd: nanoUsd === undefined ? undefined : nanoUsdToUsd(nanoUsd),
    cost_nano_usd: nanoUsd,
    price_source: cost.priceSource,
    outcome: event.outcome,
    error_type: event.errorType,
    duration_ms: event.durationMs,
    time_to_first_chunk_ms: event.timeToFirstChunkMs,
    trace_id: event.traceId,
    span_id: event.spanId,
  });
}

type Cell = string | number | boolean;

function withNulls(cells: Readonly<Record<string, Cell | undefined>>): StoredEventJson {
  return Object.fromEntries(Object.entries(cells).map(([key, value]) => [key, value ?? null]));
}
