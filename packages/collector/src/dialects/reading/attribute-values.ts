import { MAX_NANO_USD, NANO_USD_PER_USD, usdToNanoUsd } from "@tollgate/core";
import type { AttributeValue } from "../../otlp/records.ts";

/** Above this a count is a mistake, whatever counted it; sums of several stay exact. */
const MAX_COUNT = 1e12;
const MAX_TEXT_LENGTH = 256;
/** Of lists of finish reasons and names of tools. */
const MAX_ITEMS = 64;
const MAX_JSON_LENGTH = 16_384;
const MAX_USD = MAX_NANO_USD / NANO_USD_PER_USD;
/** A day: no call takes longer. */
const MAX_DURATION_MS = 86_400_000;

type Read<Value> = (value: AttributeValue | undefined) => Value | undefined;

/** A text that says something, cut where it is longer than any name. */
export const readText: Read<string> = (value) => {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" ? undefined : text.slice(0, MAX_TEXT_LENGTH);
};

/** A text, or the digits of a number: status codes and positions come as either. */
export const readCode: Read<string> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? String(value) : readText(value);

/** A whole number from 0; a string of digits counts too, since some senders make all values strings. */
export const readCount: Read<number> = (value) => {
  const count = readNumber(value);
  return count !== undefined && Number.isInteger(count) && count >= 0 && count <= MAX_COUNT
    ? count
    : undefined;
};

/**
 * US dollars as whole nano-USD. Zero says nothing: most senders write it for models whose price they do not know.
 */
export const readUsd: Read<number> = (value) => {
  const usd = readNumber(value);
  return usd !== undefined && usd > 0 && usd < MAX_USD ? usdToNanoUsd(usd) : undefined;
};

export const readMilliseconds: Read<number> = (value) => {
  const durationMs = readNumber(value);
  return durationMs !== undefined && durationMs >= 0 && durationMs <= MAX_DURATION_MS
    ? durationMs
    : undefined;
};

export const readSeconds: Read<number> = (value) => {
  const seconds = readNumber(value);
  return seconds === undefined ? undefined : readMilliseconds(seconds * 1000);
};

export const readFlag: Read<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  const said = value.toLowerCase();
  return said === "true" ? true : said === "false" ? false : undefined;
};

/** Texts of a list, a list in JSON, or one text alone. */
export const readTexts: Read<readonly string[]> = (value) => {
  const list = Array.isArray(value) ? value : (parseJson(value, "[") ?? value);
  const texts = (Array.isArray(list) ? list.slice(0, MAX_ITEMS) : [list]).flatMap(
    (item: unknown) => readText(typeof item === "string" ? item : undefined) ?? [],
  );
  return texts.length === 0 ? undefined : texts;
};

/** An object, as a map of its members or in JSON. */
export const readObject: Read<Readonly<Record<string, unknown>>> = (value) => {
  const object: unknown = typeof value === "string" ? parseJson(value, "{") : value;
  return isObject(object) ? object : undefined;
};

/** A member of foreign JSON, as the attribute it might have been. */
export function asAttribute(value: unknown): AttributeValue | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}

function readNumber(value: AttributeValue | undefined): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !/^\d{1,20}(\.\d{1,20})?(e-?\d{1,3})?$/i.test(value)) {
    return undefined;
  }
  return readNumber(Number(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

function parseJson(value: AttributeValue | undefined, opening: "[" | "{"): unknown {
  if (typeof value !== "string" || value.length > MAX_JSON_LENGTH || !value.startsWith(opening)) {
    return undefined;
  }
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
