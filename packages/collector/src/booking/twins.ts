import type { KnownSpan, LedgerEvent } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";
import { kindOf } from "./leaf-most.ts";

/**
 * Which events tell of a call that a span beside theirs tells of too: two instrumentations of one call, of which the outer did not
 * make its span the active one, so that neither is inside the other.
 *
 * Two spans tell of one call when two instrumentations made them, the one while the other was under way, of one model, with one
 * outcome and the same answer's id. An id alone is not enough: servers that speak an API after another's fashion use one for all their
 * answers. Where one has no id, as of a call that failed, the counts must be the same, and the span around one be around the other.
 *
 * @param known - the innermost inference spans of the events' traces.
 */
export function findTwins(
  events: readonly LedgerEvent[],
  known: readonly KnownSpan[],
  parents: Pick<KnownParents, "ancestorsOf">,
): ReadonlySet<LedgerEvent> {
  const traces = new Map<string, Candidate[]>();
  for (const span of known) {
    if (span.state === "duplicate") continue;
    const above = parents.ancestorsOf(span.organization, span.traceId, span.ancestors[0]);
    const candidate = { ...span, ancestors: above.length > 0 ? above : span.ancestors };
    traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), candidate]);
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

type Candidate = Omit<KnownSpan, "traceId">;

function areTwins(one: Candidate, other: Candidate): boolean {
  return (
    one.organization === other.organization &&
    (one.source !== other.source || one.scope !== other.scope) &&
    kindOf(one.operation) === kindOf(other.operation) &&
    agree(one.requestModel, other.requestModel) &&
    one.outcome === other.outcome &&
    overlap(one, other) &&
    nameOneAnswer(one, other)
  );
}

function nameOneAnswer(one: Candidate, other: Candidate): boolean {
  if (one.responseId !== undefined && other.responseId !== undefined) {
    return one.responseId === other.responseId;
  }
  return (
    agree(one.inputTokens, other.inputTokens) &&
    agree(one.outputTokens, other.outputTokens) &&
    (isBeside(one, other) || isBeside(other, one))
  );
}

function isBeside({ ancestors: [parent] }: Candidate, { ancestors }: Candidate): boolean {
  return parent !== undefined && ancestors.includes(parent);
}

function agree<Said>(one: Said | undefined, other: Said | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function overlap(one: Candidate, other: Candidate): boolean {
  return one.timeMs <= endOf(other) && other.timeMs <= endOf(one);
}

function endOf({ timeMs, durationMs = 0 }: Candidate): number {
  return timeMs + durationMs;
}

/** Whoever decides, and whenever, keeps the same one: what is booked, else what has counts, else a model, else the inner one. */
function isKept(one: Candidate, other: Candidate): boolean {
  if (one.state === "booked") return true;
  if (other.state === "booked") return false;
  const order =
    Number(hasCounts(one)) - Number(hasCounts(other)) ||
    Number(one.requestModel !== undefined) - Number(other.requestModel !== undefined) ||
    one.timeMs - other.timeMs ||
    endOf(other) - endOf(one);
  return order === 0 ? one.spanId > other.spanId : order > 0;
}

function hasCounts({ inputTokens }: Candidate): boolean {
  return inputTokens !== undefined;
}
