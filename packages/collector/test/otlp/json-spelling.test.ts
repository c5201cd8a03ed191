import { expect, test } from "vitest";
import { createDecoder } from "../../src/index.ts";
import { decode, metricRequest, pointsOf, spanRequest, spansOf, TRACE_ID } from "./decode-both.ts";

function attribute(value: object): unknown {
  const request = spanRequest({ attributes: [{ key: "a", value }] });
  return spansOf(decode("traces", "json", request))[0]?.attributes["a"];
}

test("enums may come as names, ids in upper case", () => {
  const [span] = spansOf(
    decode(
      "traces",
      "json",
      spanRequest({
        traceId: TRACE_ID.toUpperCase(),
        kind: "SPAN_KIND_CLIENT",
        status: { code: "STATUS_CODE_ERROR" },
      }),
    ),
  );
  expect(span).toMatchObject({ traceId: TRACE_ID, kind: 3, statusCode: 2 });
  const [point] = pointsOf(
    decode(
      "metrics",
      "json",
      metricRequest({
        name: "a",
        sum: {
          dataPoints: [{ asInt: 3 }],
          aggregationTemporality: "AGGREGATION_TEMPORALITY_DELTA",
        },
      }),
    ),
  );
  expect(point).toMatchObject({ temporality: "delta", value: 3 });
});

test("64-bit integers may come as numbers, which are rounded beyond 2^53", () => {
  expect(attribute({ intValue: 12 })).toBe(12);
  expect(attribute({ intValue: 2 ** 60 })).toBe(2 ** 60);
  const [span] = spansOf(
    decode("traces", "json", spanRequest({ startTimeUnixNano: 1_700_000_000_000_000_000 })),
  );
  expect(span?.startMs).toBe(1_700_000_000_000);
});

test("unknown names are passed over, snake_case among them", () => {
  const [span] = spansOf(
    decode(
      "traces",
      "json",
      spanRequest({ parent_span_id: "00000000000000aa", color: { a: [1] } }),
    ),
  );
  expect(span?.parentSpanId).toBeUndefined();
});

test.each([
  ["a number for a text", { stringValue: 7 }],
  ["a text for a number", { intValue: "seven" }],
  ["a text for a double", { doubleValue: "seven" }],
  ["an empty text for a double", { doubleValue: "" }],
  ["null", { intValue: null }],
  ["a list that is none", { arrayValue: [] }],
])("%s counts as no value", (_, value) => {
  expect(attribute(value)).toBeUndefined();
});

test("bytes may be base64url", () => {
  expect(attribute({ bytesValue: "-_8" })).toEqual(Uint8Array.of(0xfb, 0xff));
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["null", "null"],
  ["a text", '"resourceSpans"'],
])("%s is refused", (_, body) => {
  expect(createDecoder().decode("traces", "json", Buffer.from(body))).toMatchObject({
    readable: false,
  });
});

test("fields of another kind than they should be are as good as missing", () => {
  const requests = [
    { resourceSpans: 7 },
    { resourceSpans: [null, 1, [], { scopeSpans: {} }, { scopeSpans: [null, { spans: "x" }] }] },
  ];
  for (const request of requests) {
    expect(decode("traces", "json", request)).toMatchObject({
      rejected: 0,
      batch: { records: [] },
    });
  }
  const odd = { resourceSpans: [{ scopeSpans: [{ spans: [null, { traceId: 5 }] }] }] };
  expect(decode("traces", "json", odd).rejected).toBe(2);
});
