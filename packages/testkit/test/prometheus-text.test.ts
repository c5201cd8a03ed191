import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPrometheusText, parsePrometheusText } from "../src/index.ts";

describe("parsePrometheusText", () => {
  it("reads families with their help, type, labels and time stamps", () => {
    const text = [
      "# HELP http_requests_total Requests,\\nall of them.",
      "# TYPE http_requests_total counter",
      'http_requests_total{method="post",path="C:\\\\dir\\"x\\""} 1027 1395066363000',
      "http_requests_total 3",
      "",
      "up{} 1",
    ].join("\n");
    expect(parsePrometheusText(text)).toEqual([
      {
        name: "http_requests_total",
        type: "counter",
        help: "Requests,\nall of them.",
        samples: [
          {
            name: "http_requests_total",
            labels: { method: "post", path: 'C:\\dir"x"' },
            value: 1027,
            timestampMs: 1395066363000,
          },
          { name: "http_requests_total", labels: {}, value: 3, timestampMs: undefined },
        ],
      },
      {
        name: "up",
        type: "untyped",
        help: undefined,
        samples: [{ name: "up", labels: {}, value: 1, timestampMs: undefined }],
      },
    ]);
  });

  it("puts buckets, sum and count into their histogram", () => {
    const text =
      '# TYPE wait_seconds histogram\nwait_seconds_bucket{le="+Inf"} 2\nwait_seconds_sum 0.5\nwait_seconds_count 2\nwait_seconds_total 1\n';
    const [histogram, other] = parsePrometheusText(text);
    expect(histogram?.samples.map(({ name }) => name)).toEqual([
      "wait_seconds_bucket",
      "wait_seconds_sum",
      "wait_seconds_count",
    ]);
    expect(other?.name).toBe("wait_seconds_total");
  });

  it("reads infinities and NaN, and braces inside of labels", () => {
    const values = parsePrometheusText('a +Inf\nb -Inf\nc NaN\nd{x="}"} 1e3\n# EOF\n').map(
      ({ samples }) => samples[0]?.value,
    );
    expect(values).toEqual([Infinity, -Infinity, Number.NaN, 1000]);
  });

  it.each(["novalue", 'a{x="1} 1', 'a{x="1"y="2"} 1', "a one", "1a 1"])(
    "says which line is wrong: %s",
    (line) => {
      expect(() => parsePrometheusText(`up 1\n${line}\n`)).toThrow("line 2 is not a Prometheus");
    },
  );
});

describe("formatPrometheusText", () => {
  it("writes what is read back the same", () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,8}x$/);
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    const family = fc.record({
      name,
      type: fc.constantFrom("counter", "gauge", "untyped"),
      help: fc.option(text, { nil: undefined }),
      samples: fc.array(
        fc.record({
          labels: fc.dictionary(name, text, { noNullPrototype: true }),
          value: fc.double(),
          timestampMs: fc.option(fc.integer(), { nil: undefined }),
        }),
      ),
    });
    const families = fc.uniqueArray(family, { selector: (made) => made.name }).map((made) =>
      made.map((one) => ({
        ...one,
        samples: one.samples.map((sample) => ({ name: one.name, ...sample })),
      })),
    );
    fc.assert(
      fc.property(families, (made) => {
        const read = parsePrometheusText(formatPrometheusText(made));
        // Text knows no negative zero.
        expect(JSON.stringify(read)).toBe(JSON.stringify(made));
      }),
    );
  });
});
