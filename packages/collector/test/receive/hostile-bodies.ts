import { gzipSync } from "node:zlib";
import { bytesOf, SPAN_ID, spanRequest, TRACE_ID } from "../otlp/decode-both.ts";

/** A request that means harm, and what it is answered. */
export interface HostileBody {
  readonly name: string;
  readonly type: "application/json" | "application/x-protobuf";
  readonly encoding?: "gzip";
  readonly status: number;
  readonly body: () => Buffer;
}

const JSON_TYPE = "application/json";
const PROTOBUF = "application/x-protobuf";

/** A message field with its tag and length. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Messages in messages, built from the inside without copying what is inside each time. */
function nestedMessages(depth: number, ...numbers: readonly number[]): Buffer {
  const heads: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < depth; level++) {
    const number = numbers[level % numbers.length] ?? 1;
    const head = Buffer.concat([varint((number << 3) | 2), varint(length)]);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat(heads.toReversed());
}

/** So many attributes of a span, all with names of their own. */
function manyAttributes(count: number): Buffer {
  // attributes (9), 14 bytes: key (1), 8 bytes; value (2), 2 bytes: int_value (3) = 1.
  const attribute = Buffer.from(`4a0e0a08${"00".repeat(8)}12021801`, "hex");
  const bytes = Buffer.alloc(16 * count, attribute);
  for (let at = 0; at < count; at++)
    bytes.write(String(at).padStart(8, "k"), 16 * at + 4, "latin1");
  return bytes;
}

/** A span around these fields of its own. */
function spanOf(fields: readonly Buffer[]): Buffer {
  const ids = [field(1, Buffer.from(TRACE_ID, "hex")), field(2, Buffer.from(SPAN_ID, "hex"))];
  return field(1, field(2, field(2, Buffer.concat([...ids, ...fields]))));
}

function jsonSpan(attributes: string): Buffer {
  const span = `{"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}","attributes":[${attributes}]}`;
  return Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`);
}

const DEPTH = 100_000;
const MILLION = 1_000_000;
const MIB = 1024 * 1024;

export const HOSTILE_BODIES: readonly HostileBody[] = [
  {
    name: "JSON nested deeply where nobody looks",
    type: JSON_TYPE,
    status: 200,
    body: () => Buffer.from(`{"x":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}`),
  },
  {
    name: "a JSON value nested deeply",
    type: JSON_TYPE,
    status: 200,
    body: () =>
      jsonSpan(
        `{"key":"a","value":${'{"arrayValue":{"values":['.repeat(DEPTH)}${"]}}".repeat(DEPTH)}}`,
      ),
  },
  {
    name: "JSON that never closes",
    type: JSON_TYPE,
    status: 400,
    body: () => Buffer.from("[".repeat(4 * MIB)),
  },
  {
    name: "a protobuf map nested deeply",
    type: PROTOBUF,
    status: 200,
    body: () => {
      // KeyValue.value (2) > AnyValue.kvlist_value (6) > KeyValueList.values (1) > KeyValue …
      const value = nestedMessages(DEPTH, 2, 1, 6);
      return spanOf([field(9, Buffer.concat([field(1, Buffer.from("a")), field(2, value)]))]);
    },
  },
  {
    name: "protobuf groups nested deeply",
    type: PROTOBUF,
    status: 400,
    body: () => Buffer.alloc(DEPTH, (9 << 3) | 3),
  },
  {
    name: "many attributes of a JSON span",
    type: JSON_TYPE,
    status: 200,
    body: () =>
      jsonSpan(
        Array.from(
          { length: 100_000 },
          (_, at) => `{"key":"k${at}","value":{"intValue":1}}`,
        ).join(),
      ),
  },
  {
    name: "a million attributes of a protobuf span, gzipped",
    type: PROTOBUF,
    encoding: "gzip",
    status: 200,
    body: () => gzipSync(spanOf([manyAttributes(MILLION)])),
  },
  {
    name: "millions of empty log blocks and spans",
    type: PROTOBUF,
    status: 200,
    body: () => field(1, field(2, Buffer.alloc(2 * MILLION, Buffer.of(0x12, 0)))),
  },
  {
    name: "an array of millions of empty values",
    type: PROTOBUF,
    status: 200,
    body: () =>
      spanOf([field(9, field(2, field(5, Buffer.alloc(2 * MILLION, Buffer.of(0x0a, 0)))))]),
  },
  {
    name: "a gzip bomb",
    type: PROTOBUF,
    encoding: "gzip",
    status: 413,
    body: () => gzipSync(Buffer.alloc(256 * MIB)),
  },
  {
    name: "a length beyond the end",
    type: PROTOBUF,
    status: 400,
    body: () => Buffer.from("0affffffff0f", "hex"),
  },
  {
    name: "a varint without end",
    type: PROTOBUF,
    status: 400,
    body: () => Buffer.alloc(MIB, 0xff),
  },
  {
    name: "a field of another wire type than it should have",
    type: PROTOBUF,
    status: 200,
    body: () => Buffer.of(0x08, 1, 0x15, 0, 0, 0, 0, 0x19, 0, 0, 0, 0, 0, 0, 0, 0),
  },
  {
    name: "a truncated export",
    type: PROTOBUF,
    status: 400,
    body: () => bytesOf("traces", "protobuf", spanRequest({ name: "chat" })).subarray(0, -3),
  },
  {
    name: "numbers beyond all bounds",
    type: JSON_TYPE,
    status: 200,
    body: () =>
      jsonSpan(
        `{"key":"a","value":{"intValue":${"9".repeat(MIB)}}},{"key":"b","value":{"doubleValue":1e999}}`,
      ),
  },
  {
    name: "many names that look alike",
    type: JSON_TYPE,
    status: 200,
    body: () =>
      jsonSpan(
        Array.from(
          { length: 100_000 },
          () =>
            '{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"polluted","value":{"boolValue":true}}]}}}',
        ).join(),
      ),
  },
];
