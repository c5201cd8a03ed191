import type { DatabaseSync } from "node:sqlite";
import { numberIn } from "@tollgate/sqlite";
import type { KnownSpan } from "../ledger.ts";
import { toKnownSpan } from "../query/known-span.ts";
import { tracePrefix } from "../rows/key-hash.ts";
import type { HeldEvent, HeldEvents } from "./held-events.ts";

/** Finds traces of which this process holds all that the file has: indexes say how much that is, and no row is read. */
export interface TraceSpans {
  /** @returns `undefined` when the file has others of this trace */
  find(traceId: string): readonly KnownSpan[] | undefined;
}

export function createTraceSpans(db: DatabaseSync, held: HeldEvents): TraceSpans {
  const count = db.prepare(
    `SELECT (SELECT count(*) FROM event WHERE key_hash >= ? AND key_hash <= ?)
      + (SELECT count(*) FROM event WHERE trace_id = ?) AS events`,
  );
  return {
    find(traceId) {
      const prefix = tracePrefix(traceId);
      const known = held.ofTrace(traceId);
      const isKnown = known.length > 0 && known.every(({ state }) => state !== undefined);
      if (prefix === undefined || !isKnown) return undefined;
      const [first, last] = [new Uint8Array(16), new Uint8Array(16).fill(0xff)];
      first.set(prefix);
      last.set(prefix);
      const row = count.get(first, last, traceId) ?? {};
      return numberIn(row, "events") === known.length ? known.flatMap(toSpan) : undefined;
    },
  };
}

function toSpan({ event, state }: HeldEvent): readonly KnownSpan[] {
  const span = state === undefined ? undefined : toKnownSpan(event, state);
  return span === undefined ? [] : [span];
}
