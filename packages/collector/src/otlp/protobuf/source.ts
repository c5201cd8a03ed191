import type { Reader } from "protobufjs/minimal.js";
import { characterEnd } from "../character-end.ts";
import { nanosToMs } from "../time.ts";
import type { Tally } from "../tally.ts";
import type { FindName, Name } from "./names.ts";

/**
 * What the messages of one request are read from.
 *
 * The readers of this folder go through protobuf's fields as they come, straight into records: no message objects in
 * between, and no text of what no one reads. A tag is (field number << 3) | wire type; a known field in another wire
 * type is passed over like an unknown one, which is protobuf's rule. Field numbers: opentelemetry-proto 1.x
 * (github.com/open-telemetry/opentelemetry-proto, `opentelemetry/proto/{common,resource,trace,logs,metrics}/v1` and
 * `collector`), checked against the descriptors in PyPI's opentelemetry-proto 1.45.2.
 */
export interface Source {
  readonly reader: Reader;
  readonly bytes: Buffer;
  readonly findName: FindName;
  readonly tally: Tally;
}

/**
 * Steps into the message at the reader: it ends where the message ends, and nothing in it reads further.
 *
 * @returns where the outer message ends; put it back into `reader.len` when the inner one is read
 */
export function enter(reader: Reader): number {
  const outer = reader.len;
  const length = reader.size();
  const end = reader.pos + length;
  if (end > outer) throw new RangeError(`a message ends ${end - outer} bytes beyond what holds it`);
  reader.len = end;
  return outer;
}

/** Leaves the message that `enter` stepped into. */
export function leave(reader: Reader, outer: number): void {
  reader.pos = reader.len;
  reader.len = outer;
}

export function readText({ reader, bytes, tally }: Source): string {
  const start = reader.pos;
  const length = reader.size();
  if (length <= tally.limits.valueBytes) {
    reader.pos = start;
    return reader.string();
  }
  const from = reader.pos;
  skipBytes(reader, length);
  tally.cut++;
  return bytes.toString("utf8", from, characterEnd(bytes, from + tally.limits.valueBytes));
}

/** A text of which there are few, such as a span's name; longer ones are cut. */
export function readName(source: Source): string {
  const { reader, bytes, findName, tally } = source;
  const start = reader.pos;
  const length = reader.size();
  if (length > tally.limits.valueBytes) {
    reader.pos = start;
    return readText(source);
  }
  const from = reader.pos;
  skipBytes(reader, length);
  return findName(bytes, from, reader.pos).text;
}

/**
 * The name of an attribute.
 *
 * @returns `undefined` for one that is too long, which could be another's when cut, and for `__proto__`, which would not
 *   become a property
 */
export function readKey({ reader, bytes, findName, tally }: Source): Name | undefined {
  const length = reader.size();
  const from = reader.pos;
  skipBytes(reader, length);
  if (length > tally.limits.valueBytes) {
    tally.cut++;
    return undefined;
  }
  const name = findName(bytes, from, reader.pos);
  return name.text === "__proto__" ? undefined : name;
}

export function readHex({ reader, bytes }: Source): string {
  const length = reader.size();
  const from = reader.pos;
  skipBytes(reader, length);
  // No id is that long; it is not worth its text.
  return bytes.toString("hex", from, from + Math.min(length, 32));
}

export function readTimeMs(reader: Reader): number {
  const low = reader.fixed32();
  return nanosToMs(reader.fixed32(), low);
}

function skipBytes(reader: Reader, length: number): void {
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError(`${length} bytes are announced, fewer are there`);
  reader.pos = end;
}
