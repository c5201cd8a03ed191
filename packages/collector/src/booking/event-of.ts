import { createHash } from "node:crypto";
import { UNPRICED, type Attribution, type CallCost } from "@tollgate/core";
import type { LedgerEvent } from "@tollgate/ledger";
import type { Pricer } from "@tollgate/pricing";
import type { Dialect, Sighting, Signal } from "../dialects/dialect.ts";
import { OWN_CALL, sourceOf } from "./sighted.ts";

/** Where a sighting stood. */
export interface Place {
  readonly dialect: Dialect;
  readonly signal: Signal;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** The spans around it, the nearest first. */
  readonly ancestors: readonly string[];
  /** Of a metric's point: its series and time. */
  readonly pointKey?: string | undefined;
}

const UNKNOWN_PROVIDER = "unknown";
const NOTHING_BILLED: CallCost = { totalNanoUsd: 0, parts: {}, priceSource: "catalogue" };

/** What a sender told of as an event of the ledger, priced unless the sender said what it cost. */
export function eventOf(
  sighting: Sighting,
  place: Place,
  attribution: Attribution,
  pricer: Pricer,
): LedgerEvent {
  const key = keyOf(sighting, place);
  return {
    id: sighting.callId ?? key,
    key,
    source: sourceOf(place.dialect, place.signal),
    sender: sighting.sender,
    ancestors: place.ancestors,
    timeMs: sighting.timeMs,
    attribution,
    provider: sighting.provider ?? UNKNOWN_PROVIDER,
    operation: sighting.operation,
    api: place.dialect.id,
    requestModel: sighting.requestModel,
    responseModel: sighting.responseModel,
    responseId: sighting.responseId,
    streaming: sighting.streaming,
    usage: sighting.usage,
    additionalUsage: [],
    estimated: sighting.estimated === true,
    cost: priceOf(sighting, pricer),
    outcome: sighting.outcome,
    errorType: sighting.errorType,
    finishReasons: sighting.finishReasons ?? [],
    toolCalls: sighting.toolCalls ?? [],
    durationMs: sighting.durationMs,
    timeToFirstChunkMs: sighting.timeToFirstChunkMs,
    chunks: undefined,
    traceId: place.traceId,
    spanId: place.spanId,
    parentSpanId: place.ancestors[0],
    calls: sighting.addedUp === true ? 0 : undefined,
  };
}

/** One event has one key, however often it is sent. */
function keyOf(sighting: Sighting, { dialect, signal, traceId, spanId, pointKey }: Place): string {
  if (sighting.callId !== undefined) return `${OWN_CALL}${sighting.callId}`;
  if (sighting.key !== undefined) return `${dialect.id}:${sighting.key}`;
  if (signal === "spans" && traceId !== undefined && spanId !== undefined) {
    return `span:${traceId}:${spanId}`;
  }
  if (pointKey !== undefined) return `point:${pointKey}`;
  const content = JSON.stringify([dialect.id, traceId, spanId, sighting]);
  return `record:${createHash("sha256").update(content).digest("base64url")}`;
}

function priceOf(sighting: Sighting, pricer: Pricer): CallCost {
  const { usage, costNanoUsd, outcome, provider, requestModel, responseModel } = sighting;
  if (outcome === "refused") return NOTHING_BILLED;
  if (costNanoUsd !== undefined) {
    const { priceSource = "sender" } = sighting;
    // A bill that is one sum has no parts.
    return { totalNanoUsd: costNanoUsd, parts: { request: costNanoUsd }, priceSource };
  }
  if (usage === undefined) return outcome === "ok" ? UNPRICED : NOTHING_BILLED;
  return pricer.priceCall(usage, {
    provider: provider ?? UNKNOWN_PROVIDER,
    model: responseModel ?? requestModel,
    timeMs: sighting.timeMs,
    serviceTier: sighting.serviceTier,
  });
}
