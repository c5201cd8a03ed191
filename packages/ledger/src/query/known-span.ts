import type { EventState, LedgerEvent } from "../event.ts";
import type { KnownSpan } from "../ledger.ts";

/** What is to be known of an event's span; `undefined` for an event that is none. */
export function toKnownSpan(event: LedgerEvent, state: EventState): KnownSpan | undefined {
  const { key, attribution, operation, traceId, spanId, ancestors = [] } = event;
  const { source, scope, timeMs, durationMs, outcome, requestModel, responseId, usage } = event;
  if (traceId === undefined || spanId === undefined) return undefined;
  return {
    key,
    organization: attribution.organization,
    operation,
    traceId,
    spanId,
    ancestors,
    state,
    source,
    scope,
    timeMs,
    durationMs,
    outcome,
    requestModel,
    responseId,
    inputTokens: usage?.inputTokens,
    outputTokens: usage?.outputTokens,
  };
}
