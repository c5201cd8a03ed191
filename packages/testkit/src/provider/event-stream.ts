import { crc32 } from "node:zlib";

/** What a message of an AWS event stream is: something that happened, or the error that ends it all. */
export type EventStreamKind = "event" | "exception";

const STRING_TYPE = 7;
/** Total length, length of the headers, and the checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/**
 * One message of an AWS event stream with a JSON payload, and the two checksums that AWS's clients verify.
 *
 * Source: docs.aws.amazon.com/transcribe/latest/dg/event-stream.html.
 *
 * @param type - such as `contentBlockDelta`, or `throttlingException` with the kind `exception`
 */
export function eventStreamMessage(
  type: string,
  payload: string,
  kind: EventStreamKind = "event",
): Uint8Array<ArrayBuffer> {
  const headers = Buffer.concat([
    header(`:${kind}-type`, type),
    header(":content-type", "application/json"),
    header(":message-type", kind),
  ]);
  const body = Buffer.from(payload);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(PRELUDE_BYTES + headers.length + body.length + CHECKSUM_BYTES);
  lengths.writeUInt32BE(headers.length, 4);
  const start = Buffer.concat([lengths, checksum(lengths), headers, body]);
  return Buffer.concat([start, checksum(start)]);
}

function header(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const size = Buffer.alloc(2);
  size.writeUInt16BE(valueBytes.length);
  const start = Buffer.from([nameBytes.length]);
  return Buffer.concat([start, nameBytes, Buffer.from([STRING_TYPE]), size, valueBytes]);
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
