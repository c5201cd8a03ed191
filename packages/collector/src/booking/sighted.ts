import type { LedgerEvent } from "@tollgate/ledger";
import type { Dialect } from "../dialects/dialect.ts";

export type Signal = "spans" | "logs" | "metrics";

/** An event that telemetry told of, and what decides whether it counts. */
export interface Sighted {
  readonly event: LedgerEvent;
  readonly dialect: Dialect;
  readonly signal: Signal;
  /** Our own instrumentation made the call: it is charged and counted there. */
  readonly own: boolean;
}

/** The ledger's `source` of a dialect's signal. */
export function sourceOf({ id }: Dialect, signal: Signal): string {
  return signal === "spans" ? id : `${id}/${signal}`;
}

/** The sources of one dialect that are trusted more than this signal of it, when a sender sends both. */
export function trustedMore(dialect: Dialect, signal: Signal): readonly string[] {
  const order = dialect.prefers ?? ["spans"];
  const place = order.indexOf(signal);
  const before = place < 0 ? order : order.slice(0, place);
  return before.map((each) => sourceOf(dialect, each));
}
