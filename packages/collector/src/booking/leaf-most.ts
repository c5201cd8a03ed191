import type { GenAiOperation } from "@tollgate/core";
import type { KnownSpan } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";

/** What of an inference span says where it stands. */
export type PlacedSpan = Pick<
  KnownSpan,
  "organization" | "operation" | "traceId" | "spanId" | "ancestors"
>;

/** How the inference spans of some traces stand in each other: frameworks wrap the call of the SDK that they wrap. */
export interface Nesting {
  /** Whether another, inside of it, tells of the same tokens. */
  isOuter(this: void, span: PlacedSpan): boolean;
  /** Whether one around it was booked already: then that one counts. */
  isInsideBooked(this: void, span: PlacedSpan): boolean;
}

/** @param known - all inference spans of the traces that are asked for. */
export function nestingOf(
  known: readonly (PlacedSpan & Pick<KnownSpan, "state">)[],
  parents: KnownParents,
): Nesting {
  const around = new Set<string>();
  const booked = new Set<string>();
  for (const span of known) {
    for (const above of allAround(parents, span)) around.add(placeOf(span, above));
    if (span.state === "booked") booked.add(placeOf(span, span.spanId));
  }
  return {
    isOuter: (span) => around.has(placeOf(span, span.spanId)),
    isInsideBooked: (span) =>
      allAround(parents, span).some((above) => booked.has(placeOf(span, above))),
  };
}

/** What was not known when the span came may be by now. A span that is its own parent is a sender's mistake. */
function allAround(
  parents: KnownParents,
  { organization, traceId, spanId, ancestors }: PlacedSpan,
): readonly string[] {
  const known = parents.ancestorsOf(organization, traceId, ancestors[0]);
  return [...new Set([...ancestors, ...known])].filter((above) => above !== spanId);
}

/**
 * Tenants cannot hide each other's calls by using their trace ids; and what was embedded for a chat is not what the chat used.
 */
function placeOf({ organization, operation, traceId }: PlacedSpan, spanId: string): string {
  return `${traceId} ${spanId} ${kindOf(operation)} ${organization ?? ""}`;
}

/** Operations of one kind may tell of the same tokens. */
export function kindOf(operation: GenAiOperation): string {
  return operation === "embeddings" || operation === "rerank" ? operation : "inference";
}
