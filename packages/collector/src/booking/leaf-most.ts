import type { GenAiOperation } from "@tollgate/core";
import type { KnownSpan, LedgerEvent } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";

type Known = Omit<KnownSpan, "key">;

/**
 * Which events tell of what another span of their trace tells of too: frameworks wrap the call of the SDK that they wrap. Only the
 * innermost counts; where an outer one was booked before the inner came, the outer one does.
 *
 * @param known - all inference spans of the events' traces.
 */
export function findRepeated(
  events: readonly LedgerEvent[],
  known: readonly Known[],
  parents: KnownParents,
): ReadonlySet<LedgerEvent> {
  const around = new Set<string>();
  const booked = new Set<string>();
  for (const { organization, operation, traceId, spanId, ancestors, state } of known) {
    const at = (id: string): string => placeOf(organization, operation, traceId, id);
    for (const above of allAround(parents, organization, traceId, ancestors)) around.add(at(above));
    if (state === "booked") booked.add(at(spanId));
  }
  return new Set(
    events.filter((event) => {
      const { operation, traceId, spanId, ancestors = [] } = event;
      if (traceId === undefined || spanId === undefined) return false;
      const { organization } = event.attribution;
      const at = (id: string): string => placeOf(organization, operation, traceId, id);
      if (around.has(at(spanId))) return true;
      return [...allAround(parents, organization, traceId, ancestors)].some(
        (above) => above !== spanId && booked.has(at(above)),
      );
    }),
  );
}

/** What was not known when the span came may be by now. */
function allAround(
  parents: KnownParents,
  organization: string | undefined,
  traceId: string,
  ancestors: readonly string[],
): ReadonlySet<string> {
  return new Set([...ancestors, ...parents.ancestorsOf(organization, traceId, ancestors[0])]);
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
  const kind = operation === "embeddings" || operation === "rerank" ? operation : "inference";
  return `${traceId} ${spanId} ${kind} ${organization ?? ""}`;
}
