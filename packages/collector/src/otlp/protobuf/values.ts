import type { Reader } from "protobufjs/minimal.js";
import type { AttributeValue } from "../records.ts";
import { takeValue } from "../tally.ts";
import { enter, leave, readKey, readText, type Source } from "./source.ts";

const KEY = (1 << 3) | 2;
const VALUE = (2 << 3) | 2;

const STRING = (1 << 3) | 2;
const BOOL = 2 << 3;
const INT = 3 << 3;
const DOUBLE = (4 << 3) | 1;
const ARRAY = (5 << 3) | 2;
const MAP = (6 << 3) | 2;
const BYTES = (7 << 3) | 2;

const ELEMENT = (1 << 3) | 2;

/** Attributes that are being read. */
export type AttributesSoFar = Record<string, AttributeValue>;

/**
 * Reads one KeyValue.
 *
 * @param which - whether attributes that no one wants are left out; such are passed over unread
 */
export function readKeyValue(
  source: Source,
  into: AttributesSoFar,
  which: "all" | "wanted",
  depth = 0,
): void {
  const { reader } = source;
  const outer = enter(reader);
  let name = "";
  let value: AttributeValue | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === KEY) {
      const key = readKey(source);
      if (key === undefined || (which === "wanted" && !key.wanted)) {
        leave(reader, outer);
        return;
      }
      name = key.text;
    } else if (tag === VALUE) value = readValue(source, depth);
    else reader.skipType(tag & 7);
  }
  leave(reader, outer);
  if (value !== undefined && name !== "") into[name] = value;
}

/** Reads one AnyValue, of which the last field counts. @returns `undefined` for an empty one. */
export function readValue(source: Source, depth: number): AttributeValue | undefined {
  const { reader, tally } = source;
  const outer = enter(reader);
  let value: AttributeValue | undefined;
  if (!takeValue(tally)) {
    leave(reader, outer);
    return undefined;
  }
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    switch (tag) {
      case STRING:
        value = readText(source);
        break;
      case BOOL:
        value = reader.bool();
        break;
      case INT:
        value = readInteger(reader);
        break;
      case DOUBLE:
        value = reader.double();
        break;
      case BYTES:
        value = readBytes(source);
        break;
      case ARRAY:
        value = readArray(source, depth + 1);
        break;
      case MAP:
        value = readMap(source, depth + 1);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  leave(reader, outer);
  return value;
}

function readArray(source: Source, depth: number): AttributeValue | undefined {
  const array: AttributeValue[] = [];
  return readElements(source, depth, () => {
    const value = readValue(source, depth);
    if (value !== undefined) array.push(value);
  })
    ? array
    : undefined;
}

function readMap(source: Source, depth: number): AttributeValue | undefined {
  const map: AttributesSoFar = {};
  return readElements(source, depth, () => readKeyValue(source, map, "all", depth))
    ? map
    : undefined;
}

/** @returns whether the depth was allowed; nothing was read otherwise */
function readElements({ reader, tally }: Source, depth: number, readElement: () => void): boolean {
  if (depth > tally.limits.nestingDepth) {
    tally.cut++;
    reader.skipType(2);
    return false;
  }
  const outer = enter(reader);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === ELEMENT) readElement();
    else reader.skipType(tag & 7);
  }
  leave(reader, outer);
  return true;
}

function readBytes({ reader, tally }: Source): Uint8Array {
  const bytes = reader.bytes();
  const limit = tally.limits.valueBytes;
  if (bytes.length > limit) tally.cut++;
  // A copy, else the whole request would live as long as this value.
  return Uint8Array.from(bytes.subarray(0, limit));
}

/** Almost all are token counts; only those that do not fit 28 bits need an object to be read. */
function readInteger(reader: Reader): number | string {
  const { buf, pos, len } = reader;
  for (let at = pos; at < pos + 4 && at < len; at++) {
    if ((buf[at] ?? 0) < 0x80) return reader.uint32();
  }
  const { high, low } = reader.int64();
  const number = high * 2 ** 32 + (low >>> 0);
  if (Number.isSafeInteger(number)) return number;
  return String((BigInt(high) << 32n) + BigInt(low >>> 0));
}
