import type { Clock } from "@tollgate/core";
import type { Ledger, LedgerEvent } from "@tollgate/ledger";
import type { KnownParents } from "./known-parents.ts";
import { findRepeated } from "./leaf-most.ts";
import { trustedMore, type Sighted } from "./sighted.ts";

export interface DuplicateFinderOptions {
  readonly ledger: Pick<Ledger, "spansOf" | "hasEventsOf">;
  readonly parents: KnownParents;
  readonly clock: Clock;
  /** How far apart two signals of one sender may come. */
  readonly signalWindowMs: number;
}

/** Finds which events tell of tokens that others tell of too, and better. */
export function createDuplicateFinder(
  options: DuplicateFinderOptions,
): (sighted: readonly Sighted[]) => Promise<ReadonlySet<LedgerEvent>> {
  const { ledger, parents, clock, signalWindowMs } = options;

  async function findRepeatedSpans(sighted: readonly Sighted[]): Promise<ReadonlySet<LedgerEvent>> {
    const spans = sighted.filter(({ signal }) => signal === "spans").map(({ event }) => event);
    const traceIds = new Set(spans.flatMap(({ traceId }) => traceId ?? []));
    const known = traceIds.size === 0 ? [] : await ledger.spansOf([...traceIds]);
    return findRepeated(spans, known, parents);
  }

  /** A sender's clock may be ahead of ours, by which it is known when others were heard. */
  function isToldBetter(sender: string, sources: readonly string[], timeMs: number) {
    const heardMs = Math.min(timeMs, clock.now() - signalWindowMs);
    return ledger.hasEventsOf(sender, sources, heardMs - signalWindowMs);
  }

  return async (sighted) => {
    const duplicates = new Set(await findRepeatedSpans(sighted));
    for (const { event, dialect, signal } of sighted) {
      const sources = trustedMore(dialect, signal);
      if (event.sender === undefined || sources.length === 0) continue;
      // oxlint-disable-next-line no-await-in-loop -- few: amounts of metrics
      if (await isToldBetter(event.sender, sources, event.timeMs)) duplicates.add(event);
    }
    return duplicates;
  };
}
