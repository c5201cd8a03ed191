import type { KnownSpan, LedgerEvent } from "@tollgate/ledger";
import { kindOf } from "./leaf-most.ts";

/**
 * Which events tell of a call that a span beside theirs tells of too: two instrumentations of one SDK, of which the outer did not
 * make its span the active one, so that neither is inside the other.
 *
 * Two spans tell of one call when two senders made them, the one while the other was under way, of one model, with one outcome and
 * the same answer's id. An id alone is not enough: servers that speak an API after another's fashion use one for all their answers.
 * Where one has no id, as of a call that failed, the span around them and the counts must be the same.
 *
 * @param known - the innermost inference spans of the events' traces.
 */
export function findTwins(
  events: readonly LedgerEvent[],
  known: readonly KnownSpan[],
): ReadonlySet<LedgerEvent> {
  const traces = new Map<string, KnownSpan[]>();
  for (const span of known) {
    if (span.state === "duplicate") continue;
    traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
  }
  return new Set(
    events.filter(({ key, traceId = "", attribution: { organization } }) => {
      const spans = traces.get(traceId) ?? [];
      const span = spans.find((each) => each.key === key && each.organization === organization);
      return (
        span !== undefined && spans.some((other) => areTwins(span, other) && isKept(other, span))
      );
    }),
  );
}

function areTwins(one: KnownSpan, other: KnownSpan): boolean {
  return (
    one.organization === other.organization &&
    one.source !== other.source &&
    kindOf(one.operation) === kindOf(other.operation) &&
    one.requestModel === other.requestModel &&
    one.outcome === other.outcome &&
    overlap(one, other) &&
    nameOneAnswer(one, other)
  );
}

function nameOneAnswer(one: KnownSpan, other: KnownSpan): boolean {
  if (one.responseId !== undefined && other.responseId !== undefined) {
    return one.responseId === other.responseId;
  }
  const [parent] = one.ancestors;
  return (
    parent !== undefined &&
    parent === other.ancestors[0] &&
    agree(one.inputTokens, other.inputTokens) &&
    agree(one.outputTokens, other.outputTokens)
  );
}

function agree(one: number | undefined, other: number | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function overlap(one: KnownSpan, other: KnownSpan): boolean {
  return one.timeMs <= endOf(other) && other.timeMs <= endOf(one);
}

function endOf({ timeMs, durationMs = 0 }: KnownSpan): number {
  return timeMs + durationMs;
}

/** Whoever decides, and whenever, keeps the same one: what is booked, else what has counts, else the inner one. */
function isKept(one: KnownSpan, other: KnownSpan): boolean {
  if (one.state === "booked") return true;
  if (other.state === "booked") return false;
  const order =
    Number(hasCounts(one)) - Number(hasCounts(other)) ||
    one.timeMs - other.timeMs ||
    endOf(other) - endOf(one);
  return order === 0 ? one.spanId > other.spanId : order > 0;
}

function hasCounts({ inputTokens }: KnownSpan): boolean {
  return inputTokens !== undefined;
}
