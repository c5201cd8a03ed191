import type { StreamReader } from "../api.ts";
import {
  createFramedReader,
  type EventCodec,
  type EventState,
  type Framing,
} from "../stream/framed-reader.ts";
import { parseEvent } from "./event.ts";

export type { EventCodec, EventState };

/** An event ends with an empty line. */
const EVENT_STREAM: Framing = {
  findEnd: (text, start) => {
    const end = text.indexOf("\n\n", start);
    return end < 0 ? -1 : end + 2;
  },
  readFrame: parseEvent,
  notOne: "the answer is not an event stream",
};

/** A reader of server-sent events. */
export function createEventStreamReader<State extends EventState>(
  codec: EventCodec<State>,
): StreamReader {
  return createFramedReader(codec, EVENT_STREAM);
}
