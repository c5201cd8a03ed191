import type { LedgerEvent } from "../event.ts";
import type { Incoming } from "../rows/booking.ts";

/**
 * Events that this process holds, as they were made ready for the file. An event never changes, so that what ends the wait of
 * the same one need not clean, hash and write it again.
 */
export interface HeldEvents {
  put(event: LedgerEvent, incoming: Incoming): void;
  /** Forgets it as well. */
  take(event: LedgerEvent): Incoming | undefined;
  /** The spans held of a trace, those whose wait is over included; there may be others in the file. */
  ofTrace(traceId: string): readonly Incoming[];
}

/** What was held longest ago is made ready again when its wait ends. */
const MOST_EVENTS = 200_000;
const NONE: readonly Incoming[] = [];

export function createHeldEvents(mostEvents: number = MOST_EVENTS): HeldEvents {
  const held = new Map<LedgerEvent, Incoming>();
  const traces = new Map<string, Incoming[]>();
  let inTraces = 0;

  function noteTrace(traceId: string, incoming: Incoming): void {
    let trace = traces.get(traceId);
    if (trace === undefined) {
      trace = [];
      traces.set(traceId, trace);
    }
    trace.push(incoming);
    if (++inTraces <= mostEvents) return;
    for (const [oldest, { length }] of traces) {
      if (inTraces <= mostEvents) return;
      traces.delete(oldest);
      inTraces -= length;
    }
  }

  return {
    put(event, incoming) {
      held.set(event, incoming);
      for (const oldest of held.keys()) {
        if (held.size <= mostEvents) break;
        held.delete(oldest);
      }
      const { traceId } = incoming.event;
      if (traceId !== undefined) noteTrace(traceId, incoming);
    },
    take(event) {
      const incoming = held.get(event);
      held.delete(event);
      return incoming;
    },
    ofTrace: (traceId) => traces.get(traceId) ?? NONE,
  };
}
