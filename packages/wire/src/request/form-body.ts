import { utf8Length } from "../json/utf8-length.ts";
import { openRequestBody, type RequestBody } from "./request-body.ts";

/** Fields longer than this are files or prompts, of which only the presence matters. */
const MAX_FIELD_LENGTH = 1_024;

/** A request's body in JSON or as `multipart/form-data`, whichever its first characters say. */
export function openFormBody(text: string): RequestBody | undefined {
  return text.startsWith("--") ? openMultipartBody(text) : openRequestBody(text);
}

/** @see https://www.rfc-editor.org/rfc/rfc7578 */
function openMultipartBody(text: string): RequestBody | undefined {
  const fields = readFields(text);
  if (fields === undefined) return undefined;
  return {
    bytes: utf8Length(text),
    contentTypes: new Set(),
    raw: (key) => fields.get(key),
    text: (key) => fields.get(key),
    flag: (key) => fields.get(key) === "true",
    count: (key) => {
      const value = Number(fields.get(key));
      return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
    },
    isArray: () => false,
  };
}

/** The fields that are no files. */
function readFields(text: string): ReadonlyMap<string, string> | undefined {
  const boundary = /^--[^\r\n]{1,200}(?=\r?\n)/.exec(text)?.[0];
  if (boundary === undefined) return undefined;
  const fields = new Map<string, string>();
  let start = boundary.length;
  for (;;) {
    const end = text.indexOf(`\n${boundary}`, start);
    if (end < 0) return fields;
    readPart(text, start, end, fields);
    start = end + 1 + boundary.length;
  }
}

function readPart(text: string, start: number, end: number, fields: Map<string, string>): void {
  HEADERS_END.lastIndex = start;
  const gap = HEADERS_END.exec(text);
  if (gap === null || gap.index >= end) return;
  const headers = text.slice(start, gap.index);
  const name = /[; ]name="([^"]*)"/i.exec(headers)?.[1];
  if (name === undefined || /[; ]filename\*?=/i.test(headers)) return;
  // A part's own last line end belongs to the boundary.
  const contentEnd = text.charAt(end - 1) === "\r" ? end - 1 : end;
  const length = contentEnd - HEADERS_END.lastIndex;
  if (length > 0 && length <= MAX_FIELD_LENGTH) {
    fields.set(name, text.slice(HEADERS_END.lastIndex, contentEnd));
  }
}

const HEADERS_END = /\r?\n\r?\n/g;
