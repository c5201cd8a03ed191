import fc from "fast-check";
import { expect, test } from "vitest";
import type { OtlpSignal } from "../../src/index.ts";
import { decode } from "./decode-both.ts";

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.string({
        unit: fc.constantFrom(..."0123456789abcdef".split("")),
        minLength: digits,
        maxLength: digits,
      }),
    },
    fc.constantFrom("", "00", "0".repeat(digits)),
  );
const text = fc.string({ unit: "binary", maxLength: 60 }).filter((each) => each.isWellFormed());
// A missing name cannot be told from an empty one in protobuf.
const key = text.filter((each) => each !== "");
const nanos = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 1_600_000_000_000_000_000n, max: 1_900_000_000_000_000_000n }),
  )
  .map(String);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const double = fc.double().map((each) => (Number.isFinite(each) ? each : String(each)));

const { value } = fc.letrec<{ value: object; list: object; map: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: "value" },
    fc.record({ stringValue: text }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: double }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({
      bytesValue: fc
        .uint8Array({ maxLength: 30 })
        .map((each) => Buffer.from(each).toString("base64")),
    }),
    fc.constant({}),
    tie("list"),
    tie("map"),
  ),
  list: fc.record({ arrayValue: fc.record({ values: fc.array(tie("value"), { maxLength: 4 }) }) }),
  map: fc.record({
    kvlistValue: fc.record({
      values: fc.array(fc.record({ key, value: tie("value") }), { maxLength: 4 }),
    }),
  }),
}));
const attributes = fc.array(fc.record({ key, value }), { maxLength: 6 });

const some = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(model, { requiredKeys: [] });
const few = (of: fc.Arbitrary<object>): fc.Arbitrary<object[]> => fc.array(of, { maxLength: 3 });

const span = some({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: hex(16),
  name: text,
  kind: fc.integer({ min: 0, max: 6 }),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: few(some({ name: text, timeUnixNano: nanos, attributes })),
  links: few(some({ traceId: hex(32), spanId: hex(16), attributes })),
  status: some({ code: fc.integer({ min: 0, max: 3 }), message: text }),
});
const log = some({
  timeUnixNano: nanos,
  observedTimeUnixNano: nanos,
  eventName: text,
  body: value,
  attributes,
  traceId: hex(32),
  spanId: hex(16),
  severityNumber: fc.nat({ max: 24 }),
});
const times = {
  startTimeUnixNano: nanos,
  timeUnixNano: nanos,
  attributes,
  flags: fc.nat({ max: 3 }),
};
const count = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const numbers = few(
  fc.oneof(some({ ...times, asInt: int64 }), some({ ...times, asDouble: double })),
);
const distributions = few(some({ ...times, count, sum: double }));
const aggregationTemporality = fc.nat({ max: 3 });
const metric = some({
  name: text,
  unit: text,
  sum: some({ dataPoints: numbers, aggregationTemporality, isMonotonic: fc.boolean() }),
  gauge: some({ dataPoints: numbers }),
  histogram: some({ dataPoints: distributions, aggregationTemporality }),
  exponentialHistogram: some({ dataPoints: distributions, aggregationTemporality }),
  summary: some({ dataPoints: distributions }),
});

function request(resources: string, scopes: string, records: string, record: fc.Arbitrary<object>) {
  const scope = some({ name: text, version: text, attributes });
  return fc.record({
    [resources]: few(
      some({
        resource: some({ attributes }),
        [scopes]: few(some({ scope, [records]: few(record) })),
      }),
    ),
  });
}

function wants(name: string): boolean {
  return name.length % 3 !== 0;
}

test.each<readonly [OtlpSignal, fc.Arbitrary<object>]>([
  ["traces", request("resourceSpans", "scopeSpans", "spans", span)],
  ["logs", request("resourceLogs", "scopeLogs", "logRecords", log)],
  ["metrics", request("resourceMetrics", "scopeMetrics", "metrics", metric)],
])("an export of %s is the same in protobuf and in JSON", (signal, requests) => {
  fc.assert(
    fc.property(requests, fc.constantFrom(16, 64, 16_384), (sent, valueBytes) => {
      const limits = { valueBytes, nestingDepth: 3, valuesPerRecord: 20, recordsPerRequest: 12 };
      const options = { limits, wants };
      // What was cut is counted where it is met, also in what is not kept in the end.
      const { cut: _, ...fromProtobuf } = decode(signal, "protobuf", sent, options);
      expect(decode(signal, "json", sent, options)).toEqual({
        ...fromProtobuf,
        cut: expect.any(Number),
      });
    }),
    { numRuns: 200 },
  );
});
