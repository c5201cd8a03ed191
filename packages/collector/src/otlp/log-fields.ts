import { isSpanId, isTraceId } from "./identity.ts";
import type { Attributes } from "./records.ts";

/** What senders wrote before the field `event_name` came to be. */
export const EVENT_NAME_ATTRIBUTE = "event.name";

export function eventNameOf(field: string, attributes: Attributes): string | undefined {
  if (field !== "") return field;
  const attribute = attributes[EVENT_NAME_ATTRIBUTE];
  return typeof attribute === "string" && attribute !== "" ? attribute : undefined;
}

/** A log needs no ids; those that are none are left out. */
export function identifiedBy(
  traceId: string,
  spanId: string,
): { traceId: string | undefined; spanId: string | undefined } {
  return {
    traceId: isTraceId(traceId) ? traceId : undefined,
    spanId: isSpanId(spanId) ? spanId : undefined,
  };
}
