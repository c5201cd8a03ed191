import type { LedgerEvent } from "@tollgate/ledger";
import type { Dialect, Signal } from "../dialects/dialect.ts";
import { DIALECTS } from "../dialects/index.ts";
import { otelGenAi } from "../dialects/otel-gen-ai.ts";

/** An event that telemetry told of, and what decides whether it counts. */
export interface Sighted {
  readonly event: LedgerEvent;
  readonly dialect: Dialect;
  readonly signal: Signal;
}

/** Whether our own instrumentation made the call: it is charged and counted there. */
export function isOwnCall({ key }: LedgerEvent): boolean {
  return key.startsWith(OWN_CALL);
}

/** What the key of a call begins with that our own instrumentation made. */
export const OWN_CALL = "call:";

/** The ledger's `source` of a dialect's signal. */
export function sourceOf({ id }: Dialect, signal: Signal): string {
  return signal === "spans" ? id : `${id}/${signal}`;
}

/**
 * The sources that are trusted more than this signal of a dialect: when a sender sends both, only those count. Of what is a last resort
 * these are all calls that any dialect before it tells of.
 */
export function trustedMore(dialect: Dialect, signal: Signal): readonly string[] {
  const cacheKey = sourceOf(dialect, signal);
  let sources = known.get(cacheKey);
  if (sources === undefined) {
    const order = dialect.prefers ?? ["spans"];
    const place = order.indexOf(signal);
    const before = place < 0 ? order : order.slice(0, place);
    sources = [
      ...before.map((each) => sourceOf(dialect, each)),
      ...(dialect.lastResort === true ? sourcesBefore(dialect) : []),
    ];
    known.set(cacheKey, sources);
  }
  return sources;
}

const known = new Map<string, readonly string[]>();

function sourcesBefore(dialect: Dialect): readonly string[] {
  const before = DIALECTS.slice(0, DIALECTS.indexOf(dialect));
  return before
    .filter(({ lastResort }) => lastResort !== true)
    .flatMap((each) => [sourceOf(each, "spans"), sourceOf(each, "logs")]);
}

/** What a stored event was sighted as. One of a dialect that this version does not know is taken for the standard. */
export function recognise(event: LedgerEvent): Sighted {
  const [id, said] = event.source.split("/");
  const dialect = DIALECTS.find((each) => each.id === id) ?? otelGenAi;
  const signal: Signal = said === "logs" || said === "metrics" ? said : "spans";
  return { event, dialect, signal };
}
