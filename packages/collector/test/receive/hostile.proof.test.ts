import fc from "fast-check";
import { expect, test } from "vitest";
import { createDecoder, type OtlpFormat } from "../../src/index.ts";
import { bytesOf, FORMATS, metricRequest, logRequest, spanRequest } from "../otlp/decode-both.ts";

const AT_LENGTH = process.env["PROVE"] === "at-length";
const RUNS = AT_LENGTH ? 300_000 : 3_000;

const ATTRIBUTES = [
  { key: "gen_ai.request.model", value: { stringValue: "gpt-4o" } },
  { key: "gen_ai.usage.input_tokens", value: { intValue: "9223372036854775807" } },
  { key: "ratio", value: { doubleValue: "NaN" } },
  { key: "list", value: { arrayValue: { values: [{ boolValue: true }, { bytesValue: "AAEC" }] } } },
  { key: "map", value: { kvlistValue: { values: [{ key: "a", value: { intValue: "1" } }] } } },
];
const POINT = { attributes: ATTRIBUTES, timeUnixNano: "1700000000000000000" };
const SEEDS = {
  traces: spanRequest({
    name: "chat",
    attributes: ATTRIBUTES,
    events: [{ attributes: ATTRIBUTES }],
  }),
  logs: logRequest({ eventName: "e", body: { stringValue: "b" }, attributes: ATTRIBUTES }),
  metrics: metricRequest(
    { name: "a", sum: { dataPoints: [{ ...POINT, asInt: "-1" }], isMonotonic: true } },
    { name: "b", histogram: { dataPoints: [{ ...POINT, count: "3", sum: 1 }] } },
  ),
};

/** Changes, doubles, takes out and cuts off bytes. */
const mutation = fc.record({
  kind: fc.constantFrom("set", "flip", "insert", "remove", "copy", "truncate"),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0xff, 0x80, 0x7f, 0x0a, 0x7b, 0x5b, 0x22)),
  length: fc.nat({ max: 40 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Buffer, { kind, at, byte, length }: Mutation): Buffer {
  const from = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
  switch (kind) {
    case "set":
      return Buffer.concat([before, Buffer.of(byte), after.subarray(1)]);
    case "flip":
      return Buffer.concat([
        before,
        Buffer.of((after[0] ?? 0) ^ (1 << (byte & 7))),
        after.subarray(1),
      ]);
    case "insert":
      return Buffer.concat([before, Buffer.alloc(length, byte), after]);
    case "remove":
      return Buffer.concat([before, after.subarray(length)]);
    case "copy":
      return Buffer.concat([before, after.subarray(0, length), after]);
    default:
      return Buffer.from(before);
  }
}

const decoder = createDecoder({ limits: { recordsPerRequest: 100, valuesPerRecord: 50 } });

test.each(FORMATS)(
  "mutated %s is read or refused, and never more than came",
  (format) => {
    fc.assert(
      fc.property(
        fc.constantFrom("traces", "logs", "metrics"),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        (signal, mutations) => {
          const body = mutations.reduce(mutate, bytesOf(signal, format, SEEDS[signal]));
          const decoded = decoder.decode(signal, format, body);
          if (!decoded.readable) return;
          expect(decoded.batch.records.length).toBeLessThanOrEqual(100);
          expect(sizeOf(decoded.batch)).toBeLessThan(body.length * 20 + 2_000);
        },
      ),
      { seed: 20_261_129, numRuns: RUNS },
    );
  },
  AT_LENGTH ? 3_600_000 : 60_000,
);

test(
  "random bytes are read or refused",
  () => {
    fc.assert(
      fc.property(
        fc.constantFrom("traces", "logs", "metrics"),
        fc.constantFrom<OtlpFormat>("protobuf", "json"),
        fc.uint8Array({ maxLength: 200 }),
        (signal, format, bytes) => {
          expect(decoder.decode(signal, format, Buffer.from(bytes))).toHaveProperty("readable");
        },
      ),
      { seed: 20_261_129, numRuns: RUNS },
    );
  },
  AT_LENGTH ? 3_600_000 : 60_000,
);

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}
