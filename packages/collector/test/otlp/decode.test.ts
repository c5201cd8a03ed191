import { describe, expect, test } from "vitest";
import {
  decode,
  FORMATS,
  SPAN_ID,
  spanRequest,
  spansOf,
  TRACE_ID,
  ORIGIN,
  RESOURCE,
  SCOPE,
} from "./decode-both.ts";

describe.each(FORMATS)("%s", (format) => {
  test("every field of a span arrives, links and the rest are passed over", () => {
    const decoded = decode("traces", format, {
      resourceSpans: [
        {
          // Behind its records, as protobuf allows.
          scopeSpans: [
            {
              spans: [
                {
                  traceId: TRACE_ID,
                  spanId: SPAN_ID,
                  parentSpanId: "00000000000000aa",
                  traceState: "a=b",
                  flags: 257,
                  name: "chat gpt-4o",
                  kind: 3,
                  startTimeUnixNano: "1700000000123456789",
                  endTimeUnixNano: "1700000001000000000",
                  attributes: [{ key: "gen_ai.system", value: { stringValue: "openai" } }],
                  droppedAttributesCount: 4,
                  events: [
                    {
                      timeUnixNano: "1700000000500000000",
                      name: "gen_ai.choice",
                      attributes: [{ key: "index", value: { intValue: "0" } }],
                    },
                    { name: "empty" },
                  ],
                  links: [{ traceId: TRACE_ID, spanId: SPAN_ID, attributes: [] }],
                  status: { code: 2, message: "rate limited" },
                },
              ],
              scope: SCOPE,
            },
          ],
          resource: RESOURCE,
        },
      ],
    });
    expect(spansOf(decoded)).toEqual([
      {
        origin: ORIGIN,
        traceId: TRACE_ID,
        spanId: SPAN_ID,
        parentSpanId: "00000000000000aa",
        name: "chat gpt-4o",
        kind: 3,
        startMs: 1_700_000_000_123.456_8,
        endMs: 1_700_000_001_000,
        attributes: { "gen_ai.system": "openai" },
        events: [
          { name: "gen_ai.choice", timeMs: 1_700_000_000_500, attributes: { index: 0 } },
          { name: "empty", timeMs: 0, attributes: {} },
        ],
        statusCode: 2,
        statusMessage: "rate limited",
      },
    ]);
    expect(decoded).toMatchObject({ rejected: 0, reason: "", cut: 0 });
  });

  test.each<readonly [string, object, unknown]>([
    ["text", { stringValue: "grüße 🦊" }, "grüße 🦊"],
    ["an empty text", { stringValue: "" }, ""],
    ["a boolean", { boolValue: false }, false],
    ["zero", { intValue: "0" }, 0],
    ["a small integer", { intValue: "300" }, 300],
    ["2^28", { intValue: "268435456" }, 268_435_456],
    ["a negative integer", { intValue: "-1" }, -1],
    ["2^53 - 1", { intValue: "9007199254740991" }, Number.MAX_SAFE_INTEGER],
    ["2^53 + 1 as text", { intValue: "9007199254740993" }, "9007199254740993"],
    ["the largest integer", { intValue: "9223372036854775807" }, "9223372036854775807"],
    ["the smallest integer", { intValue: "-9223372036854775808" }, "-9223372036854775808"],
    ["a double", { doubleValue: 0.7 }, 0.7],
    ["NaN", { doubleValue: "NaN" }, Number.NaN],
    ["infinity", { doubleValue: "-Infinity" }, Number.NEGATIVE_INFINITY],
    ["bytes", { bytesValue: "AAH/" }, Uint8Array.of(0, 1, 255)],
    ["no elements", { arrayValue: {} }, []],
    ["an empty map", { kvlistValue: { values: [] } }, {}],
    [
      "an array of kinds, with an empty element that is left out",
      { arrayValue: { values: [{ stringValue: "a" }, {}, { intValue: "2" }] } },
      ["a", 2],
    ],
    [
      "a map in an array in a map",
      {
        kvlistValue: {
          values: [
            {
              key: "tools",
              value: {
                arrayValue: {
                  values: [
                    {
                      kvlistValue: { values: [{ key: "name", value: { stringValue: "search" } }] },
                    },
                  ],
                },
              },
            },
          ],
        },
      },
      { tools: [{ name: "search" }] },
    ],
  ])("an attribute may be %s", (_, value, expected) => {
    const [span] = spansOf(
      decode("traces", format, spanRequest({ attributes: [{ key: "a", value }] })),
    );
    expect(span?.attributes).toEqual({ a: expected });
  });

  test("an attribute without value or name is left out, and so is __proto__", () => {
    const attributes = [
      { key: "empty", value: {} },
      { key: "none" },
      { key: "", value: { stringValue: "x" } },
      {
        key: "__proto__",
        value: { kvlistValue: { values: [{ key: "x", value: { intValue: "1" } }] } },
      },
    ];
    const [span] = spansOf(decode("traces", format, spanRequest({ attributes })));
    expect(span?.attributes).toEqual({});
    expect(Object.getPrototypeOf(span?.attributes)).toBe(Object.prototype);
  });

  test("spans without usable ids are rejected, the others taken", () => {
    const decoded = decode(
      "traces",
      format,
      spanRequest({}, { traceId: "" }, { spanId: "abcd" }, { traceId: "0".repeat(32) }),
    );
    expect(spansOf(decoded)).toHaveLength(1);
    expect(decoded.rejected).toBe(3);
    expect(decoded.reason).toContain("trace id of 16 bytes");
  });

  test("a parent of zeros is none", () => {
    const [span] = spansOf(decode("traces", format, spanRequest({ parentSpanId: "0".repeat(16) })));
    expect(span?.parentSpanId).toBeUndefined();
  });

  test("an export of nothing is one", () => {
    expect(decode("traces", format, {})).toMatchObject({ rejected: 0, batch: { records: [] } });
  });
});
