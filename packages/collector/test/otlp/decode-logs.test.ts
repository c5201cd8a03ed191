import { describe, expect, test } from "vitest";
import {
  decode,
  FORMATS,
  logRequest,
  logsOf,
  SPAN_ID,
  TRACE_ID,
  ORIGIN,
  RESOURCE,
  SCOPE,
} from "./decode-both.ts";

describe.each(FORMATS)("%s", (format) => {
  test("every field of a log arrives", () => {
    const decoded = decode("logs", format, {
      resourceLogs: [
        {
          resource: RESOURCE,
          scopeLogs: [
            {
              scope: SCOPE,
              logRecords: [
                {
                  timeUnixNano: "1700000000000000001",
                  observedTimeUnixNano: "1",
                  severityNumber: 9,
                  severityText: "INFO",
                  eventName: "gen_ai.choice",
                  body: { kvlistValue: { values: [{ key: "index", value: { intValue: "0" } }] } },
                  attributes: [{ key: "gen_ai.system", value: { stringValue: "openai" } }],
                  traceId: TRACE_ID,
                  spanId: SPAN_ID,
                },
              ],
            },
          ],
        },
      ],
    });
    expect(logsOf(decoded)).toEqual([
      {
        origin: ORIGIN,
        timeMs: 1_700_000_000_000,
        eventName: "gen_ai.choice",
        body: { index: 0 },
        attributes: { "gen_ai.system": "openai" },
        traceId: TRACE_ID,
        spanId: SPAN_ID,
      },
    ]);
  });

  test("a log's name may be an attribute, its time that of observing, its ids missing or wrong", () => {
    const attributes = [{ key: "event.name", value: { stringValue: "api_request" } }];
    const [log, bare] = logsOf(
      decode(
        "logs",
        format,
        logRequest({ attributes, observedTimeUnixNano: "2000000", traceId: "ab" }, {}),
        { wants: () => false },
      ),
    );
    expect(log).toMatchObject({ eventName: "api_request", timeMs: 2, traceId: undefined });
    expect(bare).toMatchObject({
      eventName: undefined,
      timeMs: 0,
      body: undefined,
      spanId: undefined,
    });
  });
});
