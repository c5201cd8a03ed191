import { isIdentified, isSpanId } from "../identity.ts";
import type { Origin, SpanEvent, SpanRecord } from "../records.ts";
import { hasRoom, takeValue } from "../tally.ts";
import { readBlocks } from "./blocks.ts";
import { enter, leave, readHex, readName, readText, readTimeMs, type Source } from "./source.ts";
import { readKeyValue, type AttributesSoFar } from "./values.ts";

const TRACE_ID = (1 << 3) | 2;
const SPAN_ID = (2 << 3) | 2;
const PARENT_SPAN_ID = (4 << 3) | 2;
const NAME = (5 << 3) | 2;
const KIND = 6 << 3;
const START_TIME = (7 << 3) | 1;
const END_TIME = (8 << 3) | 1;
const ATTRIBUTES = (9 << 3) | 2;
const EVENTS = (11 << 3) | 2;
const STATUS = (15 << 3) | 2;

const STATUS_MESSAGE = (2 << 3) | 2;
const STATUS_CODE = 3 << 3;

const EVENT_TIME = (1 << 3) | 1;
const EVENT_NAME = (2 << 3) | 2;
const EVENT_ATTRIBUTES = (3 << 3) | 2;

export function readSpans(source: Source): SpanRecord[] {
  const spans: SpanRecord[] = [];
  readBlocks(source, (_, origin) => {
    if (!hasRoom(source.tally)) {
      source.reader.skipType(2);
      return;
    }
    const span = readSpan(source, origin);
    if (isIdentified(span.traceId, span.spanId, source.tally)) spans.push(span);
  });
  return spans;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface SpanSoFar extends Writable<Omit<SpanRecord, "attributes" | "events">> {
  readonly attributes: AttributesSoFar;
  readonly events: SpanEvent[];
}

function readSpan(source: Source, origin: Origin): SpanRecord {
  const { reader } = source;
  const outer = enter(reader);
  const span: SpanSoFar = {
    origin,
    traceId: "",
    spanId: "",
    parentSpanId: undefined,
    name: "",
    kind: 0,
    startMs: 0,
    endMs: 0,
    attributes: {},
    events: [],
    statusCode: 0,
    statusMessage: "",
  };
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    // Most fields of a span are attributes.
    if (tag === ATTRIBUTES) readKeyValue(source, span.attributes, "wanted");
    else readSpanField(source, tag, span);
  }
  leave(reader, outer);
  return span;
}

function readSpanField(source: Source, tag: number, span: SpanSoFar): void {
  const { reader } = source;
  switch (tag) {
    case TRACE_ID:
      span.traceId = readHex(source);
      break;
    case SPAN_ID:
      span.spanId = readHex(source);
      break;
    case PARENT_SPAN_ID: {
      const id = readHex(source);
      span.parentSpanId = isSpanId(id) ? id : undefined;
      break;
    }
    case NAME:
      span.name = readName(source);
      break;
    case KIND:
      span.kind = reader.int32();
      break;
    case START_TIME:
      span.startMs = readTimeMs(reader);
      break;
    case END_TIME:
      span.endMs = readTimeMs(reader);
      break;
    case EVENTS:
      readEvent(source, span);
      break;
    case STATUS:
      readStatus(source, span);
      break;
    default:
      reader.skipType(tag & 7);
  }
}

function readEvent(source: Source, span: SpanSoFar): void {
  const { reader, tally } = source;
  if (!takeValue(tally)) {
    reader.skipType(2);
    return;
  }
  const outer = enter(reader);
  const attributes: AttributesSoFar = {};
  let name = "";
  let timeMs = 0;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === EVENT_TIME) timeMs = readTimeMs(reader);
    else if (tag === EVENT_NAME) name = readName(source);
    else if (tag === EVENT_ATTRIBUTES) readKeyValue(source, attributes, "wanted");
    else reader.skipType(tag & 7);
  }
  leave(reader, outer);
  span.events.push({ name, timeMs, attributes });
}

function readStatus(source: Source, span: SpanSoFar): void {
  const { reader } = source;
  const outer = enter(reader);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === STATUS_CODE) span.statusCode = reader.int32();
    else if (tag === STATUS_MESSAGE) span.statusMessage = readText(source);
    else reader.skipType(tag & 7);
  }
  leave(reader, outer);
}
