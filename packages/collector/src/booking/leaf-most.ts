import type { GenAiOperation } from "@tollgate/core";
import type { KnownSpan, LedgerEvent } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";

type Inside = Pick<KnownSpan, "organization" | "operation" | "traceId" | "spanId" | "ancestors">;

type Placed = Pick<LedgerEvent, "traceId" | "spanId" | "operation"> & {
  readonly organization: string | undefined;
};

/**
 * Tells which spans tell of what another, inside of theirs, tells of too: frameworks wrap the call of the SDK that they wrap. Only the
 * innermost counts.
 *
 * @param known - all inference spans of the traces that are asked for.
 */
export function outerIn(
  known: readonly Inside[],
  parents: KnownParents,
): (span: Placed) => boolean {
  const around = new Set<string>();
  for (const { organization, operation, traceId, ancestors } of known) {
    // What was not known when the span came may be by now.
    const seen = new Set(ancestors);
    for (const above of parents.ancestorsOf(traceId, ancestors[0])) seen.add(above);
    for (const above of seen) around.add(placeOf(organization, operation, traceId, above));
  }
  return ({ organization, operation, traceId, spanId }) =>
    traceId !== undefined &&
    spanId !== undefined &&
    around.has(placeOf(organization, operation, traceId, spanId));
}

/**
 * Tenants cannot hide each other's calls by using their trace ids; and what was embedded for a chat is not what the chat used.
 */
function placeOf(
  organization: string | undefined,
  operation: GenAiOperation,
  traceId: string,
  spanId: string,
): string {
  return `${traceId} ${spanId} ${kindOf(operation)} ${organization ?? ""}`;
}

/** Operations of one kind may tell of the same tokens. */
export function kindOf(operation: GenAiOperation): string {
  return operation === "embeddings" || operation === "rerank" ? operation : "inference";
}
