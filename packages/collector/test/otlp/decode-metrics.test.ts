import { describe, expect, test } from "vitest";
import { decode, FORMATS, metricRequest, pointsOf } from "./decode-both.ts";

describe.each(FORMATS)("%s", (format) => {
  test("points of all kinds arrive", () => {
    const at = { startTimeUnixNano: "1000000", timeUnixNano: "2000000" };
    const attributes = [{ key: "gen_ai.token.type", value: { stringValue: "input" } }];
    const decoded = decode(
      "metrics",
      format,
      metricRequest(
        {
          name: "tokens",
          unit: "{token}",
          sum: {
            dataPoints: [
              { ...at, attributes, asInt: "7" },
              { ...at, asInt: "-9007199254740991" },
              { asDouble: 0.5 },
            ],
            aggregationTemporality: 1,
            isMonotonic: true,
          },
        },
        {
          name: "load",
          gauge: { dataPoints: [{ ...at, asDouble: "NaN" }, { timeUnixNano: "0" }] },
        },
        {
          name: "duration",
          unit: "s",
          histogram: {
            dataPoints: [
              {
                ...at,
                attributes,
                count: "3",
                sum: 4.5,
                bucketCounts: ["1", "2"],
                explicitBounds: [1],
              },
              { count: "9007199254740991" },
            ],
            aggregationTemporality: 2,
          },
        },
        {
          name: "exponential",
          exponentialHistogram: {
            dataPoints: [{ ...at, attributes, count: "2", sum: 1.25, scale: 3, zeroCount: "1" }],
            aggregationTemporality: 1,
          },
        },
        { name: "summary", summary: { dataPoints: [{ ...at, attributes, count: "5", sum: 10 }] } },
      ),
    );
    const labels = { "gen_ai.token.type": "input" };
    const time = { startMs: 1, timeMs: 2 };
    expect(pointsOf(decoded)).toMatchObject([
      {
        metric: "tokens",
        unit: "{token}",
        kind: "sum",
        temporality: "delta",
        monotonic: true,
        attributes: labels,
        ...time,
        value: 7,
        count: undefined,
      },
      { metric: "tokens", value: -9_007_199_254_740_991, attributes: {} },
      { metric: "tokens", value: 0.5, startMs: 0, timeMs: 0 },
      {
        metric: "load",
        kind: "gauge",
        temporality: "unspecified",
        monotonic: false,
        value: Number.NaN,
      },
      { metric: "load", value: undefined },
      {
        metric: "duration",
        unit: "s",
        kind: "histogram",
        temporality: "cumulative",
        monotonic: false,
        ...time,
        value: 4.5,
        count: 3,
        attributes: labels,
      },
      { metric: "duration", value: undefined, count: 9_007_199_254_740_991 },
      {
        metric: "exponential",
        kind: "exponential_histogram",
        temporality: "delta",
        value: 1.25,
        count: 2,
        attributes: labels,
      },
      {
        metric: "summary",
        kind: "summary",
        temporality: "unspecified",
        value: 10,
        count: 5,
        attributes: labels,
      },
    ]);
  });

  test("a point that says it has no value is none; points of a metric without name are rejected", () => {
    const decoded = decode(
      "metrics",
      format,
      metricRequest(
        { name: "a", sum: { dataPoints: [{ flags: 1 }, { asInt: "1" }] } },
        { gauge: { dataPoints: [{ asInt: "1" }, { asInt: "2" }] } },
      ),
    );
    expect(pointsOf(decoded)).toHaveLength(1);
    expect(decoded.rejected).toBe(2);
  });
});
