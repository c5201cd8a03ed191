import { describe, expect, test } from "vitest";
import { decode, FORMATS, spanRequest, spansOf } from "./decode-both.ts";

function nested(depth: number): object {
  let value: object = { stringValue: "bottom" };
  for (let level = 0; level < depth; level++) value = { arrayValue: { values: [value] } };
  return value;
}

describe.each(FORMATS)("%s", (format) => {
  test("what no one wants is left out, of spans and events but not of resources", () => {
    const attributes = [
      { key: "prompt", value: { stringValue: "x".repeat(100_000) } },
      { key: "model", value: { stringValue: "gpt-4o" } },
    ];
    const request = {
      resourceSpans: [
        {
          resource: { attributes: attributes.toReversed() },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "1".repeat(32),
                  spanId: "1".repeat(16),
                  attributes,
                  events: [{ attributes }],
                },
              ],
            },
          ],
        },
      ],
    };
    const [span] = spansOf(
      decode("traces", format, request, { wants: (name) => name === "model" }),
    );
    expect(span?.attributes).toEqual({ model: "gpt-4o" });
    expect(span?.events[0]?.attributes).toEqual({ model: "gpt-4o" });
    expect(Object.keys(span?.origin.resource ?? {})).toEqual(["model", "prompt"]);
  });

  test("of points nothing is left out: all of it tells their series from others", () => {
    const attributes = [{ key: "query_source", value: { stringValue: "main" } }];
    const sum = {
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPoints: [{ asDouble: 1, timeUnixNano: "1000000", attributes }],
    };
    const request = {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "tokens", sum }] }] }],
    };
    const decoded = decode("metrics", format, request, { wants: () => false });
    expect(decoded).toMatchObject({
      batch: { records: [{ attributes: { query_source: "main" } }] },
    });
  });

  test("long texts are cut to whole characters, and counted", () => {
    const attributes = [
      { key: "a", value: { stringValue: "ü".repeat(10) } },
      { key: "b", value: { stringValue: "🦊🦊🦊" } },
      { key: "c", value: { stringValue: "123456789" } },
      { key: "d", value: { bytesValue: Buffer.alloc(20, 1).toString("base64") } },
    ];
    const decoded = decode("traces", format, spanRequest({ attributes, name: "n".repeat(50) }), {
      limits: { valueBytes: 9 },
    });
    const [span] = spansOf(decoded);
    expect(span?.attributes).toEqual({
      a: "üüüü",
      b: "🦊🦊",
      c: "123456789",
      d: Uint8Array.from(Buffer.alloc(9, 1)),
    });
    expect(span?.name).toBe("n".repeat(9));
    expect(decoded.cut).toBe(4);
  });

  test("records beyond the limit are rejected", () => {
    const decoded = decode("traces", format, spanRequest({}, {}, {}, {}), {
      limits: { recordsPerRequest: 3 },
    });
    expect(spansOf(decoded)).toHaveLength(3);
    expect(decoded).toMatchObject({ rejected: 1, reason: "a request may bring 3 records" });
  });

  test("a record's values beyond the limit are left out, the next record has its own", () => {
    const list = {
      arrayValue: { values: [{ intValue: "1" }, { intValue: "2" }, { intValue: "3" }] },
    };
    const attributes = [
      { key: "a", value: { intValue: "1" } },
      { key: "b", value: list },
    ];
    const decoded = decode(
      "traces",
      format,
      spanRequest({ attributes }, { events: [{}, {}, {}, {}] }),
      {
        limits: { valuesPerRecord: 3 },
      },
    );
    const [first, second] = spansOf(decoded);
    expect(first?.attributes).toEqual({ a: 1, b: [1] });
    expect(second?.events).toHaveLength(3);
    expect(decoded.cut).toBe(3);
  });

  test("values nested deeper than the limit are left out", () => {
    const attributes = [
      { key: "ok", value: nested(2) },
      { key: "deep", value: nested(3) },
    ];
    const decoded = decode("traces", format, spanRequest({ attributes }), {
      limits: { nestingDepth: 2 },
    });
    expect(spansOf(decoded)[0]?.attributes).toEqual({ ok: [["bottom"]], deep: [[]] });
    expect(decoded.cut).toBe(1);
  });
});
