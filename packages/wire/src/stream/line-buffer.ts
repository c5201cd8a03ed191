/** Collects bytes and hands them out as text, whole lines at a time. */
export interface LineBuffer {
  /** Bytes not yet taken. */
  size(): number;
  append(chunk: Uint8Array): void;
  /** All whole lines, or "" when there is none; line ends are LF whatever they were. */
  takeLines(): string;
  /** What is left behind the last line end, without taking it. */
  peekRest(): string;
  clear(): void;
}

const LF = 0x0a;
const CR = 0x0d;
const INITIAL_BYTES = 1_024;

/** A byte order mark is only one at the very start, which the decoder would not know. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Text is cut at line ends only: no UTF-8 character contains their bytes, so none is ever cut, and
 * one large decode is many times cheaper than one for each chunk.
 */
export function createLineBuffer(): LineBuffer {
  let bytes = new Uint8Array(INITIAL_BYTES);
  let size = 0;
  /** Up to here no line end was found. */
  let searched = 0;
  let atStart = true;

  const decode = (end: number): string => {
    const text = decoder.decode(bytes.subarray(0, end));
    const fresh = atStart && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    return fresh.includes("\r") ? fresh.replace(/\r\n?/g, "\n") : fresh;
  };

  const drop = (end: number): void => {
    bytes.copyWithin(0, end, size);
    size -= end;
    searched = Math.max(0, size - 1);
    atStart = false;
  };

  return {
    size: () => size,
    append: (chunk) => {
      const needed = size + chunk.length;
      if (needed > bytes.length) {
        const larger = new Uint8Array(Math.max(needed, 2 * bytes.length));
        larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(chunk, size);
      size = needed;
    },
    takeLines: () => {
      const end = findLastLineEnd(bytes, searched, size);
      // The last byte is looked at again: a CR there may be half of a CRLF.
      if (end === 0) {
        searched = Math.max(searched, size - 1);
        return "";
      }
      const text = decode(end);
      drop(end);
      return text;
    },
    peekRest: () => (size === 0 ? "" : decode(size)),
    clear: () => drop(size),
  };
}

/** Where the last whole line ends, 0 when none does. */
function findLastLineEnd(bytes: Uint8Array, from: number, size: number): number {
  for (let at = size - 1; at >= from; at--) {
    const byte = bytes[at];
    if (byte === LF || (byte === CR && at < size - 1)) return at + 1;
  }
  return 0;
}
