import type { Ledger, LedgerEvent } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";
import { nestingOf, type PlacedSpan } from "./leaf-most.ts";
import { trustedMore, type Taken } from "./sighted.ts";
import { findTwins } from "./twins.ts";

export interface DuplicateFinderOptions {
  readonly ledger: Pick<Ledger, "spansOf" | "sendersHeard">;
  readonly parents: KnownParents;
  /** How far apart two signals of one sender may come. */
  readonly signalWindowMs: number;
}

/** Finds which events tell of tokens that others tell of too, and better. */
export function createDuplicateFinder(
  options: DuplicateFinderOptions,
): (taken: readonly Taken[]) => Promise<ReadonlySet<LedgerEvent>> {
  const { ledger, parents, signalWindowMs } = options;

  async function findRepeatedSpans(taken: readonly Taken[]): Promise<ReadonlySet<LedgerEvent>> {
    const spans = taken.filter(({ signal }) => signal === "spans").map(({ event }) => event);
    const traceIds = new Set(spans.flatMap(({ traceId }) => traceId ?? []));
    const known = traceIds.size === 0 ? [] : await ledger.spansOf([...traceIds]);
    const { isOuter, isInsideBooked } = nestingOf(known, parents);
    const innermost = known.filter((span) => !isOuter(span));
    const repeated = spans.filter((event) => {
      const placed = placedOf(event);
      return placed !== undefined && (isOuter(placed) || isInsideBooked(placed));
    });
    return new Set([...repeated, ...findTwins(spans, innermost, parents)]);
  }

  /** Those whose sender tells of the same by a signal that is trusted more. */
  async function findToldBetter(taken: readonly Taken[]): Promise<readonly LedgerEvent[]> {
    const inDoubt = taken.flatMap(({ event, dialect, signal, takenMs }) => {
      const sources = trustedMore(dialect, signal);
      if (event.sender === undefined || sources.length === 0) return [];
      // A sender's clock may be ahead of the one here, by which it is known when others were heard.
      const sinceMs = Math.min(event.timeMs, takenMs) - signalWindowMs;
      return [{ event, sender: event.sender, sources, sinceMs }];
    });
    if (inDoubt.length === 0) return [];
    const senders = [...new Set(inDoubt.map(({ sender }) => sender))];
    const heard = Map.groupBy(await ledger.sendersHeard(senders), ({ sender }) => sender);
    return inDoubt
      .filter(({ sender, sources, sinceMs }) =>
        heard
          .get(sender)
          ?.some(({ source, lastMs }) => lastMs >= sinceMs && sources.includes(source)),
      )
      .map(({ event }) => event);
  }

  return async (taken) =>
    new Set([...(await findRepeatedSpans(taken)), ...(await findToldBetter(taken))]);
}

/** `undefined` for an event that is no span. */
function placedOf({
  attribution: { organization },
  operation,
  traceId,
  spanId,
  ancestors = [],
}: LedgerEvent): PlacedSpan | undefined {
  if (traceId === undefined || spanId === undefined) return undefined;
  return { organization, operation, traceId, spanId, ancestors };
}
