import type { SpanRecord } from "../otlp/records.ts";

/** Where a span stands in its trace. */
export type SpanPlace = Pick<SpanRecord, "traceId" | "spanId" | "parentSpanId">;

/** Which span is around which, of the traces that are being told of right now. */
export interface KnownParents {
  /** @param tenant - whom its sender's token is for: tenants may use each other's trace ids. */
  note(tenant: string | undefined, span: SpanPlace, nowMs: number): void;
  /**
   * The spans around a span, the nearest first, as far as they are known; at most eight.
   *
   * @param organization - whose span it is, by whatever sender.
   */
  ancestorsOf(
    organization: string | undefined,
    traceId: string,
    parentSpanId: string | undefined,
  ): readonly string[];
}

const MOST_ANCESTORS = 8;
const NONE: readonly string[] = [];

interface Trace {
  readonly parents: Map<string, string>;
  seenMs: number;
}

/**
 * Spans that tell of no model call may stand between two that do, so the parents of all are kept for a while.
 *
 * @param keptMs - for how long after a trace's last span.
 * @param mostSpans - the traces seen longest ago go when there are more.
 */
export function createKnownParents(keptMs: number, mostSpans: number): KnownParents {
  /** In the order in which they were seen last. */
  const traces = new Map<string, Trace>();
  let spans = 0;

  function forget(nowMs: number): void {
    for (const [id, { parents, seenMs }] of traces) {
      if (spans <= mostSpans && nowMs - seenMs < keptMs) return;
      traces.delete(id);
      spans -= parents.size;
    }
  }

  return {
    note(tenant, { traceId, spanId, parentSpanId }, nowMs) {
      if (parentSpanId === undefined) return;
      const id = keyOf(tenant, traceId);
      let trace = traces.get(id);
      if (trace === undefined) {
        forget(nowMs);
        trace = { parents: new Map(), seenMs: nowMs };
        traces.set(id, trace);
      } else if (trace.seenMs !== nowMs) {
        trace.seenMs = nowMs;
        traces.delete(id);
        traces.set(id, trace);
      }
      const before = trace.parents.size;
      trace.parents.set(spanId, parentSpanId);
      spans += trace.parents.size - before;
    },
    ancestorsOf(organization, traceId, parentSpanId) {
      if (parentSpanId === undefined) return NONE;
      // A sender whose token is for all tenants names the organisation itself.
      const trace =
        traces.get(keyOf(organization, traceId)) ?? traces.get(keyOf(undefined, traceId));
      const parents = trace?.parents;
      const ancestors = [parentSpanId];
      let above = parents?.get(parentSpanId);
      // A circle would be a sender's mistake.
      while (
        above !== undefined &&
        ancestors.length < MOST_ANCESTORS &&
        !ancestors.includes(above)
      ) {
        ancestors.push(above);
        above = parents?.get(above);
      }
      return ancestors;
    },
  };
}

function keyOf(tenant: string | undefined, traceId: string): string {
  return `${traceId} ${tenant ?? ""}`;
}
