import { eventNameOf, identifiedBy } from "../log-fields.ts";
import type { AttributeValue, LogRecord, Origin } from "../records.ts";
import { hasRoom } from "../tally.ts";
import { readBlocks } from "./blocks.ts";
import { enter, leave, readHex, readName, readTimeMs, type Source } from "./source.ts";
import { readKeyValue, readValue, type AttributesSoFar } from "./values.ts";

const TIME = (1 << 3) | 1;
const BODY = (5 << 3) | 2;
const ATTRIBUTES = (6 << 3) | 2;
const TRACE_ID = (9 << 3) | 2;
const SPAN_ID = (10 << 3) | 2;
const OBSERVED_TIME = (11 << 3) | 1;
const EVENT_NAME = (12 << 3) | 2;

export function readLogs(source: Source): LogRecord[] {
  const logs: LogRecord[] = [];
  readBlocks(source, (_, origin) => {
    if (!hasRoom(source.tally)) {
      source.reader.skipType(2);
      return;
    }
    logs.push(readLog(source, origin));
    source.tally.accepted++;
  });
  return logs;
}

function readLog(source: Source, origin: Origin): LogRecord {
  const { reader } = source;
  const outer = enter(reader);
  const attributes: AttributesSoFar = {};
  let body: AttributeValue | undefined;
  let [traceId, spanId, eventName] = ["", "", ""];
  let [timeMs, observedMs] = [0, 0];
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    switch (tag) {
      case TIME:
        timeMs = readTimeMs(reader);
        break;
      case OBSERVED_TIME:
        observedMs = readTimeMs(reader);
        break;
      case BODY:
        body = readValue(source, 0);
        break;
      case ATTRIBUTES:
        readKeyValue(source, attributes, "wanted");
        break;
      case TRACE_ID:
        traceId = readHex(source);
        break;
      case SPAN_ID:
        spanId = readHex(source);
        break;
      case EVENT_NAME:
        eventName = readName(source);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  leave(reader, outer);
  return {
    origin,
    timeMs: timeMs === 0 ? observedMs : timeMs,
    eventName: eventNameOf(eventName, attributes),
    body,
    attributes,
    ...identifiedBy(traceId, spanId),
  };
}
