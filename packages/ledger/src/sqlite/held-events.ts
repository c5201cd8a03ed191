import type { EventState, LedgerEvent } from "../event.ts";
import type { Incoming } from "../rows/booking.ts";

/** An event that is written as it is. */
export interface HeldEvent extends Incoming {
  /** `undefined` when another process has ended its wait. */
  state?: EventState | undefined;
}

/**
 * Events that this process holds, as they were made ready for the file. An event never changes, so that what ends the wait of
 * the same one need not clean, hash and write it again.
 */
export interface HeldEvents {
  put(event: LedgerEvent, incoming: HeldEvent): void;
  /** Forgets it as well. */
  take(event: LedgerEvent): HeldEvent | undefined;
  /** The spans held of a trace, those whose wait is over included; there may be others in the file. */
  ofTrace(traceId: string): readonly HeldEvent[];
}

/** What was held longest ago is made ready again when its wait ends. */
const MOST_EVENTS = 200_000;
const NONE: readonly HeldEvent[] = [];

export function createHeldEvents(mostEvents: number = MOST_EVENTS): HeldEvents {
  const held = new Map<LedgerEvent, HeldEvent>();
  const traces = new Map<string, HeldEvent[]>();
  let inTraces = 0;

  function noteTrace(traceId: string, incoming: HeldEvent): void {
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
      incoming.state = "waiting";
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
