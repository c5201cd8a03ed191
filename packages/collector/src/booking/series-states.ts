import type { Clock } from "@tollgate/core";
import type { DocumentChange, Ledger } from "@tollgate/ledger";
import * as z from "zod";
import {
  createSeriesAmounts,
  type SeriesAmounts,
  type SeriesState,
} from "../series/series-amounts.ts";

/** How far series had been counted when a batch of points came. */
export interface SeriesTurn {
  readonly amounts: SeriesAmounts;
  /** What is to be written with what was counted. */
  changes(): readonly DocumentChange[];
}

/** How far series are counted, in the ledger: a restarted collector counts on, and so does another replica. */
export interface SeriesStates {
  /** @param owner - whose they are: senders of two tenants do not share series. */
  read(ids: readonly string[], owner: string): Promise<SeriesTurn>;
  /** Forgets series that nobody sends any more. */
  forgetIdle(): Promise<void>;
}

const PREFIX = "series:";
/** A sum that pauses for longer and goes on with its old start is taken up without what it missed. */
const KEPT_MS = 60 * 86_400_000;

const runSchema = z.object({ startMs: z.number(), value: z.number(), timeMs: z.number() });
const stateSchema: z.ZodType<SeriesState> = z.object({
  id: z.string(),
  seenMs: z.number(),
  cumulative: z.object({ runs: z.array(runSchema) }).exactOptional(),
  delta: z.object({ counted: z.array(z.string()), forgottenMs: z.number() }).exactOptional(),
});

export function createSeriesStates(ledger: Ledger, clock: Clock): SeriesStates {
  return {
    async read(ids, owner) {
      const keyOf = (id: string): string => `${PREFIX}${owner}:${id}`;
      const found = await ledger.documents(ids.map(keyOf));
      const series = [...found.values()].flatMap(({ value }) => {
        const parsed = stateSchema.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      });
      const forgottenMs = clock.now() - KEPT_MS;
      const amounts = createSeriesAmounts({
        clock,
        restore: { version: 1, series, forgottenMs },
        maxSeries: Number.POSITIVE_INFINITY,
        idleMs: Number.POSITIVE_INFINITY,
      });
      return {
        amounts,
        changes: () =>
          amounts.takeChanges().changed.map((state) => ({
            key: keyOf(state.id),
            value: state,
            ifVersion: found.get(keyOf(state.id))?.version ?? 0,
          })),
      };
    },
    async forgetIdle() {
      await ledger.deleteDocuments(PREFIX, clock.now() - KEPT_MS);
    },
  };
}
