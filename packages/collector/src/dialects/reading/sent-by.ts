import type { Attributes, LogRecord, Origin } from "../../otlp/records.ts";

export const ATTR_SERVICE_NAME = "service.name";
export const ATTR_EVENT_NAME = "event.name";

export function serviceOf(origin: Origin): string {
  const name = origin.resource[ATTR_SERVICE_NAME];
  return typeof name === "string" ? name : "";
}

/**
 * What happened. The attribute comes first: logs of Rust's `tracing` have the place in the source as the event name
 * of OTLP.
 */
export function eventOf(log: LogRecord): string {
  const name = log.attributes[ATTR_EVENT_NAME];
  return typeof name === "string" ? name : (log.eventName ?? "");
}

export function hasAny(attributes: Attributes, names: readonly string[]): boolean {
  return names.some((name) => attributes[name] !== undefined);
}
