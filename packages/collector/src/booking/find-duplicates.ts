import type { Ledger, LedgerEvent } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";
import { findRepeated } from "./leaf-most.ts";
import { trustedMore, type Taken } from "./sighted.ts";

export interface DuplicateFinderOptions {
  readonly ledger: Pick<Ledger, "spansOf" | "hasEventsOf">;
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
    return findRepeated(spans, known, parents);
  }

  async function isToldBetter({ event, dialect, signal, takenMs }: Taken): Promise<boolean> {
    const sources = trustedMore(dialect, signal);
    if (event.sender === undefined || sources.length === 0) return false;
    // A sender's clock may be ahead of the one here, by which it is known when others were heard.
    const sinceMs = Math.min(event.timeMs, takenMs) - signalWindowMs;
    return ledger.hasEventsOf(event.sender, sources, sinceMs);
  }

  return async (taken) => {
    const duplicates = new Set(await findRepeatedSpans(taken));
    for (const one of taken) {
      // oxlint-disable-next-line no-await-in-loop -- few: amounts of metrics
      if (await isToldBetter(one)) duplicates.add(one.event);
    }
    return duplicates;
  };
}
