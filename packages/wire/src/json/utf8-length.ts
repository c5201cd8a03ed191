const PIECE_LENGTH = 16_384;
const encoder = new TextEncoder();
/** Written, never read: counting through one small buffer beats encoding into a new large one. */
const scratch = new Uint8Array(3 * PIECE_LENGTH);

/**
 * How many bytes a text has in UTF-8. Lone surrogates count as U+FFFD, as `fetch` sends them.
 *
 * @param count - what else can count, four times as fast as we where a text is not ASCII, and a third as fast
 *   where it is. @defaultValue Node's and Bun's `Buffer.byteLength`, where there is one
 */
export function utf8Length(text: string, count: ByteCount | null = BYTE_COUNT): number {
  let bytes = 0;
  let at = 0;
  while (at < text.length) {
    let end = Math.min(at + PIECE_LENGTH, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    const piece = at === 0 && end === text.length ? text : text.slice(at, end);
    const { written } = encoder.encodeInto(piece, scratch);
    bytes += written;
    at = end;
    if (written > piece.length && at < text.length && count) return bytes + count(text.slice(at));
  }
  return bytes;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

type ByteCount = (text: string) => number;

const BYTE_COUNT: ByteCount | null = findByteCount();

function findByteCount(): ByteCount | null {
  const buffer: unknown = Reflect.get(globalThis, "Buffer");
  if (typeof buffer !== "function") return null;
  const byteLength: unknown = Reflect.get(buffer, "byteLength");
  return typeof byteLength === "function"
    ? (text) => Number(Reflect.apply(byteLength, buffer, [text]))
    : null;
}
