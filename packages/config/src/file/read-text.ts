import { readFileSync } from "node:fs";
import type { Problem } from "../problem/problem.ts";
import type { FoundFile } from "./find-file.ts";

/** Why a file cannot be read, by the system's error code. */
const REASONS: Readonly<Partial<Record<string, string>>> = {
  ENOENT: "there is no such file",
  EISDIR: "this is a directory; name the file in it",
  EACCES: "this process may not read it",
  EPERM: "this process may not read it",
  ENOTDIR: "a part of its path is a file, not a directory",
  ELOOP: "its symbolic links go round in a circle",
};

export type ReadText =
  | { readonly text: string }
  | {
      readonly problem: Problem;
      /** False when the file could be read, but is no text. */
      readonly unreadable: boolean;
    };

/** Reads a UTF-8 file; a byte order mark before it is dropped. */
export function readText(file: FoundFile): ReadText {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file.path);
  } catch (error) {
    return { problem: unreadable(file, error), unreadable: true };
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { problem: notUtf8(file, bytes), unreadable: false };
  }
}

function unreadable({ shown, explicit }: FoundFile, error: unknown): Problem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  const asked = explicit ? " (TOLLGATE_CONFIG names it)" : "";
  return { source: shown, key: "", message: `cannot be read: ${reason}${asked}` };
}

const LINE_FEED = 0x0a;

function notUtf8({ shown }: FoundFile, bytes: Uint8Array): Problem {
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return { source: shown, key: "", message: "is UTF-16; save it as UTF-8" };
  const message = "has a byte that is not UTF-8; save it as UTF-8";
  return { source: shown, line: firstBrokenLine(bytes), column: 1, key: "", message };
}

/** No UTF-8 sequence contains a line feed, so lines can be tried one by one. */
function firstBrokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start);
    try {
      decoder.decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    line += 1;
    start = end + 1;
  }
}
