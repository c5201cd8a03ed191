import type { Clock, UsageEvent } from "@tollgate/core";
import type { LedgerEvent } from "../event.ts";
import type { Intake, Ledger } from "../ledger.ts";
import type { RollUpLimits } from "../rollup/limits.ts";

/** Opens an empty ledger. */
export type OpenLedger = (options: LedgerSetup) => Promise<Ledger> | Ledger;

export interface LedgerSetup {
  readonly clock?: Clock;
  readonly rollUpLimits?: RollUpLimits;
}

/** A Tuesday noon, UTC. */
export const NOON_MS: number = Date.UTC(2026, 8, 15, 12);
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

let made = 0;

type Said = Partial<Omit<LedgerEvent, "attribution" | "usage" | "cost">> & {
  readonly attribution?: UsageEvent["attribution"];
  readonly usage?: UsageEvent["usage"];
  readonly cost?: UsageEvent["cost"];
};

/** An event of 100 input and 10 output tokens that cost 1,000 nano-USD. */
export function ledgerEvent(said: Said = {}): LedgerEvent {
  const id = said.id ?? `id-${made++}`;
  return {
    key: `call:${id}`,
    source: "instrumentation",
    timeMs: NOON_MS,
    attribution: { organization: "acme", project: "web", agent: "coder", task: "T-1" },
    provider: "openai",
    operation: "chat",
    api: "openai.chat",
    requestModel: "gpt-5",
    responseModel: "gpt-5-2026-08-07",
    responseId: "resp_1",
    streaming: false,
    usage: { inputTokens: 100, outputTokens: 10 },
    additionalUsage: [],
    estimated: false,
    cost: { totalNanoUsd: 1_000, parts: { input: 600, output: 400 }, priceSource: "catalogue" },
    outcome: "ok",
    errorType: undefined,
    finishReasons: ["stop"],
    toolCalls: [],
    durationMs: 1_234.5,
    timeToFirstChunkMs: undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
    ...said,
    id,
  };
}

/** A span of a trace, as the collector keeps it. */
export function spanEvent(traceNumber: number, spanNumber: number, said: Said = {}): LedgerEvent {
  const traceId = traceNumber.toString(16).padStart(4, "0").repeat(8);
  const spanId = spanNumber.toString(16).padStart(16, "0");
  return ledgerEvent({
    key: `span:${traceId}:${spanId}`,
    source: "otel",
    traceId,
    spanId,
    ...said,
    id: `${traceId}-${spanId}`,
  });
}

/** An intake of events that wait. */
export function heldUntil(events: readonly LedgerEvent[], dueAtMs: number): Intake {
  return { held: events.map((event) => ({ event, dueAtMs })) };
}

export function money(totalNanoUsd: number): UsageEvent["cost"] {
  return { totalNanoUsd, parts: { request: totalNanoUsd }, priceSource: "sender" };
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
