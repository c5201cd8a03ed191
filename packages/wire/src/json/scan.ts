/**
 * Reads the top level of a JSON object without parsing what is inside: a request's prompt can be
 * megabytes, and all that matters of it is where it ends.
 *
 * Text that is cut or broken is read as far as it goes; nothing here throws or goes back.
 */
export interface ScanVisitor {
  /**
   * A member of the outermost object, its value as raw JSON text and where in the text that begins. A later
   * one of a name wins.
   */
  member(key: string, raw: string, start: number): void;
  /** A string member called `type`, at any depth below the member `topKey`. */
  nestedType?(topKey: string, type: string): void;
  /** Every key at any depth below the member `topKey`. */
  nestedKey?(topKey: string, key: string): void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LAST_WHITE_SPACE = 0x20;

/** @returns false when the text is not a JSON object. */
export function scanObject(text: string, visitor: ScanVisitor): boolean {
  let at = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (text.charCodeAt(at) !== OPEN_BRACE) return false;
  at++;
  for (;;) {
    at = skipFill(text, at);
    if (text.charCodeAt(at) !== QUOTE) return true;
    const keyEnd = skipString(text, at);
    const key = unquote(text.slice(at, keyEnd));
    at = skipSpace(text, keyEnd);
    if (text.charCodeAt(at) !== COLON) return true;
    const start = skipSpace(text, at + 1);
    at = skipValue(text, start, key, visitor);
    if (key !== undefined) visitor.member(key, text.slice(start, at), start);
  }
}

/** The raw JSON text of each element; none when the text is not a JSON array. */
export function listElements(text: string): readonly string[] {
  const elements: string[] = [];
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== OPEN_BRACKET) return elements;
  at++;
  for (;;) {
    const start = skipFill(text, at);
    if (start >= text.length || text.charCodeAt(start) === CLOSE_BRACKET) return elements;
    at = skipValue(text, start, undefined, undefined);
    if (at === start) return elements;
    elements.push(text.slice(start, at));
  }
}

/** A JSON string's value; `undefined` when the text is not one whole JSON string. */
export function unquote(raw: string): string | undefined {
  if (raw.length < 2 || raw.charCodeAt(0) !== QUOTE) return undefined;
  if (!raw.includes("\\")) return raw.endsWith('"') ? raw.slice(1, -1) : undefined;
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function skipValue(
  text: string,
  start: number,
  topKey: string | undefined,
  visitor: ScanVisitor | undefined,
): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return skipString(text, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    return skipNested(text, start, topKey, visitor);
  }
  let at = start;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at++;
  return at;
}

function endsScalar(code: number): boolean {
  return (
    code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= LAST_WHITE_SPACE
  );
}

/** Counts brackets and jumps over strings, in which brackets mean nothing. */
function skipNested(
  text: string,
  start: number,
  topKey: string | undefined,
  visitor: ScanVisitor | undefined,
): number {
  let depth = 0;
  let at = start;
  let afterTypeKey = false;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = skipString(text, at);
      if (afterTypeKey) reportType(topKey, text.slice(at, end), visitor);
      afterTypeKey =
        end - at === 6 && text.startsWith('"type"', at) && isFollowedByColon(text, end);
      reportKey(topKey, text, at, end, visitor);
      at = end;
      continue;
    }
    at++;
    if (code === COMMA) afterTypeKey = false;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return at;
  }
  return text.length;
}

function reportType(
  topKey: string | undefined,
  raw: string,
  visitor: ScanVisitor | undefined,
): void {
  const type = unquote(raw);
  if (topKey !== undefined && type !== undefined) visitor?.nestedType?.(topKey, type);
}

function reportKey(
  topKey: string | undefined,
  text: string,
  start: number,
  end: number,
  visitor: ScanVisitor | undefined,
): void {
  if (visitor?.nestedKey === undefined || topKey === undefined) return;
  const key = isFollowedByColon(text, end) ? unquote(text.slice(start, end)) : undefined;
  if (key !== undefined) visitor.nestedKey(topKey, key);
}

function isFollowedByColon(text: string, end: number): boolean {
  return text.charCodeAt(skipSpace(text, end)) === COLON;
}

/** From an opening quote to behind the closing one. */
function skipString(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= LAST_WHITE_SPACE) at++;
  return at;
}

function skipFill(text: string, start: number): number {
  let at = skipSpace(text, start);
  while (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  return at;
}
