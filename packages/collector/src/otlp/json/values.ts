import type { AttributeValue } from "../records.ts";
import { takeValue, type Tally } from "../tally.ts";
import { asArray, asDouble, asInteger, asObject, asText, isObject } from "./fields.ts";

export type AttributesSoFar = Record<string, AttributeValue>;

/** Whether the attribute of that name is read by anyone. */
export type Wants = (name: string) => boolean;

export function readKeyValues(
  list: unknown,
  tally: Tally,
  wants: Wants | undefined,
  depth = 0,
): AttributesSoFar {
  const into: AttributesSoFar = {};
  for (const entry of asArray(list)) {
    const { key, value } = asObject(entry);
    if (typeof key !== "string" || key === "" || key === "__proto__") continue;
    if (isTooLong(key, tally) || wants?.(key) === false) continue;
    const read = readValue(value, tally, depth);
    if (read !== undefined) into[key] = read;
  }
  return into;
}

/** A name that is too long is left out: cut, it could be another's. */
function isTooLong(name: string, tally: Tally): boolean {
  const limit = tally.limits.valueBytes;
  if (name.length * 3 <= limit || Buffer.byteLength(name) <= limit) return false;
  tally.cut++;
  return true;
}

/** @returns `undefined` for an empty value */
export function readValue(value: unknown, tally: Tally, depth = 0): AttributeValue | undefined {
  if (!isObject(value) || !takeValue(tally)) return undefined;
  if (typeof value["stringValue"] === "string") return asText(value["stringValue"], tally);
  if (value["intValue"] !== undefined) return asInteger(value["intValue"]);
  if (value["doubleValue"] !== undefined) return asDouble(value["doubleValue"]);
  if (typeof value["boolValue"] === "boolean") return value["boolValue"];
  if (typeof value["bytesValue"] === "string") return readBytes(value["bytesValue"], tally);
  return readNested(value, tally, depth + 1);
}

function readNested(
  { arrayValue, kvlistValue }: Readonly<Record<string, unknown>>,
  tally: Tally,
  depth: number,
): AttributeValue | undefined {
  if (!isObject(arrayValue) && !isObject(kvlistValue)) return undefined;
  if (depth > tally.limits.nestingDepth) {
    tally.cut++;
    return undefined;
  }
  if (isObject(kvlistValue)) return readKeyValues(kvlistValue["values"], tally, undefined, depth);
  const array: AttributeValue[] = [];
  for (const element of asArray(asObject(arrayValue)["values"])) {
    const read = readValue(element, tally, depth);
    if (read !== undefined) array.push(read);
  }
  return array;
}

function readBytes(base64: string, tally: Tally): Uint8Array {
  const limit = tally.limits.valueBytes;
  // Four characters are three bytes. Node reads base64url as well.
  const text = base64.slice(0, Math.ceil(limit / 3) * 4 + 4);
  const bytes = Buffer.from(text, "base64");
  if (bytes.length > limit) tally.cut++;
  return Uint8Array.from(bytes.subarray(0, limit));
}
