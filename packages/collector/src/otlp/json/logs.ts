import { eventNameOf, identifiedBy } from "../log-fields.ts";
import type { LogRecord, Origin } from "../records.ts";
import { hasRoom, type Tally } from "../tally.ts";
import { readBlocks } from "./blocks.ts";
import { asHex, asObject, asText, asTimeMs, type JsonObject } from "./fields.ts";
import { readKeyValues, readValue, type Wants } from "./values.ts";

const BLOCKS = { resources: "resourceLogs", scopes: "scopeLogs", records: "logRecords" };

export function readLogs(request: JsonObject, tally: Tally, wants: Wants): LogRecord[] {
  const logs: LogRecord[] = [];
  readBlocks(request, BLOCKS, tally, (record, origin) => {
    if (!hasRoom(tally)) return;
    logs.push(readLog(asObject(record), origin, tally, wants));
    tally.accepted++;
  });
  return logs;
}

function readLog(log: JsonObject, origin: Origin, tally: Tally, wants: Wants): LogRecord {
  const timeMs = asTimeMs(log["timeUnixNano"]);
  // In the order of protobuf's fields, so that what exceeds a limit is the same.
  const body = readValue(log["body"], tally);
  const attributes = readKeyValues(log["attributes"], tally, wants);
  return {
    origin,
    timeMs: timeMs === 0 ? asTimeMs(log["observedTimeUnixNano"]) : timeMs,
    eventName: eventNameOf(asText(log["eventName"], tally), attributes),
    body,
    attributes,
    ...identifiedBy(asHex(log["traceId"]), asHex(log["spanId"])),
  };
}
