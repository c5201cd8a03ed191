import { isJsonObject, type JsonObject } from "../json/read.ts";
import { utf8Length } from "../json/utf8-length.ts";

/** A list as JSON text that keeps a limit. */
export interface FittedContent {
  readonly json: string;
  /** Whether anything was left out. */
  readonly truncated: boolean;
}

/**
 * Writes messages, parts or definitions as one JSON list of at most so many bytes of UTF-8.
 *
 * What is too long is cut so that the list stays valid JSON of the same schema: whole items are left out at
 * the end that matters less, and of the item that fits in part, texts are cut between characters and marked
 * `truncated`.
 *
 * @param keep - which items to keep first: the last ones of a conversation, the first ones of an answer.
 * @throws TypeError where JSON cannot say what is in it.
 */
export function fitContent(
  items: readonly object[],
  limitBytes: number,
  keep: "first" | "last" = "first",
): FittedContent {
  const kept: string[] = [];
  let left = limitBytes - BRACKETS;
  let truncated = false;
  for (const item of keep === "last" ? items.toReversed() : items) {
    const json = JSON.stringify(item);
    const size = sizeOf(json);
    if (size > left) {
      truncated = true;
      const cut: unknown = JSON.parse(json);
      const shorter = isJsonObject(cut) ? shorten(cut, left) : undefined;
      if (shorter !== undefined) kept.push(shorter);
      break;
    }
    kept.push(json);
    left -= size + COMMA;
  }
  if (keep === "last") kept.reverse();
  return { json: `[${kept.join(",")}]`, truncated };
}

const BRACKETS = 2;
const COMMA = 1;
/** Of less than that nothing readable would be left. */
const MIN_TEXT_BYTES = 16;

function sizeOf(json: string): number {
  return utf8Length(json);
}

/** @returns JSON text of at most so many bytes, or `undefined` when the item is nothing without the rest. */
function shorten(item: JsonObject, limitBytes: number): string | undefined {
  const short = Array.isArray(item["parts"])
    ? shortenMessage(item, item["parts"], limitBytes)
    : shortenPart(item, limitBytes);
  if (short === undefined) return undefined;
  const json = JSON.stringify(short);
  return sizeOf(json) <= limitBytes ? json : undefined;
}

function shortenMessage(
  message: JsonObject,
  parts: readonly unknown[],
  limitBytes: number,
): JsonObject | undefined {
  const bare = sizeOf(JSON.stringify({ ...message, parts: [] }));
  const fitted = fitContent(parts.filter(isJsonObject), limitBytes - bare + BRACKETS);
  const kept: unknown = JSON.parse(fitted.json);
  return Array.isArray(kept) && kept.length > 0 ? { ...message, parts: kept } : undefined;
}

/** The members that hold what a part says. */
const TEXT_MEMBERS = ["content", "response", "arguments", "server_tool_call", "transcript"];

function shortenPart(part: JsonObject, limitBytes: number): JsonObject | undefined {
  // A definition without its schema still says what there is.
  if ("parameters" in part || "description" in part) {
    return { type: part["type"], name: part["name"], truncated: true };
  }
  const key = TEXT_MEMBERS.find((name) => part[name] !== undefined && part[name] !== "");
  if (key === undefined) return undefined;
  const value = part[key];
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const bare = sizeOf(JSON.stringify({ ...part, ...wrapped(part, key, ""), truncated: true }));
  const left = limitBytes - bare;
  if (left < MIN_TEXT_BYTES) return undefined;
  return { ...part, ...wrapped(part, key, cutText(text, left)), truncated: true };
}

/** A provider's tool call is an object by its schema. */
function wrapped(part: JsonObject, key: string, text: string): JsonObject {
  const type = part["name"];
  return { [key]: key === "server_tool_call" ? { type, arguments: text } : text };
}

/** The beginning of a text that takes so many bytes in JSON, cut between characters. */
function cutText(text: string, limitBytes: number): string {
  let length = Math.min(text.length, limitBytes);
  for (;;) {
    const cut = text.slice(0, isInsidePair(text, length) ? length - 1 : length);
    const size = sizeOf(JSON.stringify(cut)) - BRACKETS;
    if (size <= limitBytes) return cut;
    length = Math.min(length - 1, Math.floor((length * limitBytes) / size));
  }
}

function isInsidePair(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
