import { isIdentified, isSpanId } from "../identity.ts";
import type { Origin, SpanEvent, SpanRecord } from "../records.ts";
import { hasRoom, takeValue, type Tally } from "../tally.ts";
import { readBlocks } from "./blocks.ts";
import { asArray, asEnum, asHex, asObject, asText, asTimeMs, type JsonObject } from "./fields.ts";
import { readKeyValues, type Wants } from "./values.ts";

const BLOCKS = { resources: "resourceSpans", scopes: "scopeSpans", records: "spans" };

const KINDS = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
};

const STATUS_CODES = { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 };

export function readSpans(request: JsonObject, tally: Tally, wants: Wants): SpanRecord[] {
  const spans: SpanRecord[] = [];
  readBlocks(request, BLOCKS, tally, (record, origin) => {
    if (!hasRoom(tally)) return;
    const span = readSpan(asObject(record), origin, tally, wants);
    if (isIdentified(span.traceId, span.spanId, tally)) spans.push(span);
  });
  return spans;
}

function readSpan(span: JsonObject, origin: Origin, tally: Tally, wants: Wants): SpanRecord {
  const status = asObject(span["status"]);
  const parentSpanId = asHex(span["parentSpanId"]);
  return {
    origin,
    traceId: asHex(span["traceId"]),
    spanId: asHex(span["spanId"]),
    parentSpanId: isSpanId(parentSpanId) ? parentSpanId : undefined,
    name: asText(span["name"], tally),
    kind: asEnum(span["kind"], KINDS),
    startMs: asTimeMs(span["startTimeUnixNano"]),
    endMs: asTimeMs(span["endTimeUnixNano"]),
    attributes: readKeyValues(span["attributes"], tally, wants),
    events: readEvents(span["events"], tally, wants),
    statusCode: asEnum(status["code"], STATUS_CODES),
    statusMessage: asText(status["message"], tally),
  };
}

function readEvents(list: unknown, tally: Tally, wants: Wants): SpanEvent[] {
  const events: SpanEvent[] = [];
  for (const entry of asArray(list)) {
    if (!takeValue(tally)) continue;
    const event = asObject(entry);
    events.push({
      name: asText(event["name"], tally),
      timeMs: asTimeMs(event["timeUnixNano"]),
      attributes: readKeyValues(event["attributes"], tally, wants),
    });
  }
  return events;
}
