/** One server-sent event. */
export interface SseEvent {
  readonly name: string | undefined;
  /** `undefined` when the event has no data line. */
  readonly data: string | undefined;
}

/**
 * Reads the lines of one event, LF between them.
 *
 * @returns `undefined` when no line is one of an event stream.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function parseEvent(text: string): SseEvent | undefined {
  let name: string | undefined;
  let data: string | undefined;
  let isEvent = false;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    if (colon !== 0 && !FIELDS.has(field)) continue;
    isEvent = true;
    const value =
      colon < 0 ? "" : line.slice(line.charAt(colon + 1) === " " ? colon + 2 : colon + 1);
    if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
    else if (field === "event") name = value;
  }
  return isEvent ? { name, data } : undefined;
}

/** A line without a name before its colon is a comment. */
const FIELDS: ReadonlySet<string> = new Set(["data", "event", "id", "retry"]);
