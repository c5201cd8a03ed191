import { characterEnd } from "../character-end.ts";
import { nanosTextToMs } from "../time.ts";
import type { Tally } from "../tally.ts";

/**
 * Fields of OTLP's JSON (opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding"): names in lowerCamelCase
 * only, ids in hex, enums as numbers, 64-bit integers as numbers or decimal text, unknown fields passed over. Enums by name
 * are read too. What is of another kind than it should be counts as missing.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function asText(value: unknown, tally: Tally): string {
  if (typeof value !== "string") return "";
  const limit = tally.limits.valueBytes;
  // A UTF-16 unit takes up to three bytes.
  if (value.length * 3 <= limit) return value;
  // A lone surrogate, which only JSON can spell, takes the three bytes of U+FFFD.
  const bytes = Buffer.from(value.slice(0, limit + 1));
  if (bytes.length <= limit) return value;
  tally.cut++;
  return bytes.toString("utf8", 0, characterEnd(bytes, limit));
}

export function asHex(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 64).toLowerCase() : "";
}

export function asTimeMs(value: unknown): number {
  if (typeof value === "string") return nanosTextToMs(value);
  return typeof value === "number" && value >= 0 ? value / 1e6 : 0;
}

export function asEnum(value: unknown, names: Readonly<Record<string, number>>): number {
  if (typeof value === "number") return Math.trunc(value) | 0;
  return typeof value === "string" && Object.hasOwn(names, value) ? (names[value] ?? 0) : 0;
}

/** Doubles that JSON has no number for come as text. */
export function asDouble(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== "NaN" ? undefined : number;
}

const INTEGER = /^-?\d{1,20}$/;

/** As near as a double comes: exact up to 2^53. */
export function asWhole(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : undefined;
  return typeof value === "string" && INTEGER.test(value) ? Number(value) : undefined;
}

/** @returns decimal text beyond 2^53; a JSON number beyond it is rounded already, and stays one */
export function asInteger(value: unknown): number | string | undefined {
  const number = asWhole(value);
  if (number === undefined || Number.isSafeInteger(number) || typeof value !== "string") {
    return number;
  }
  return String(BigInt(value));
}
