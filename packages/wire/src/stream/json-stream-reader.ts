import type { StreamReader } from "../api.ts";
import {
  createFramedReader,
  type EventCodec,
  type EventState,
  type Framing,
} from "./framed-reader.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LAST_WHITE_SPACE = 0x20;

/**
 * A stream of JSON objects: one a line (NDJSON), the elements of one array, or one after the other,
 * printed on one line or on many.
 */
const JSON_STREAM: Framing = {
  findEnd: findFrameEnd,
  readFrame: (text) => ({ name: undefined, data: text.slice(skipDivider(text, 0)) }),
  notOne: "the answer is not a stream of JSON objects",
};

/** A reader of JSON objects that follow each other. */
export function createJsonStreamReader<State extends EventState>(
  codec: EventCodec<State>,
): StreamReader {
  return createFramedReader(codec, JSON_STREAM);
}

/** What is no object goes as one frame to the end of its line. */
function findFrameEnd(text: string, start: number): number {
  const at = skipDivider(text, start);
  return text.charCodeAt(at) === OPEN_BRACE
    ? findObjectEnd(text, at)
    : text.indexOf("\n", at) + 1 || -1;
}

/** The brackets of an array around the objects count as dividers too. */
function skipDivider(text: string, start: number): number {
  let at = start;
  while (at < text.length && divides(text.charCodeAt(at))) at++;
  return at;
}

function divides(code: number): boolean {
  return (
    code <= LAST_WHITE_SPACE || code === COMMA || code === OPEN_BRACKET || code === CLOSE_BRACKET
  );
}

/**
 * Goes line by line, since no JSON string spans two: behind a line that is broken, the next one that
 * starts with a brace is a new object.
 */
function findObjectEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    if (at > start && text.charCodeAt(at) === OPEN_BRACE) return at;
    const lineEnd = endOfLine(text, at);
    while (at < lineEnd) {
      const code = text.charCodeAt(at);
      at = code === QUOTE ? endOfString(text, at, lineEnd) : at + 1;
      if (code === OPEN_BRACE) depth++;
      else if (code === CLOSE_BRACE && --depth === 0) return at;
    }
    at = lineEnd + 1;
  }
  return -1;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

function endOfString(text: string, start: number, lineEnd: number): number {
  let at = start + 1;
  while (at < lineEnd) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return lineEnd;
}
