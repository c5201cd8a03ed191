const PIECE_LENGTH = 16_384;
const encoder = new TextEncoder();
/** Written, never read: counting through one small buffer beats encoding into a new large one. */
const scratch = new Uint8Array(3 * PIECE_LENGTH);

/** How many bytes a text has in UTF-8. Lone surrogates count as U+FFFD, as `fetch` sends them. */
export function utf8Length(text: string): number {
  let bytes = 0;
  let at = 0;
  while (at < text.length) {
    let end = Math.min(at + PIECE_LENGTH, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    const piece = at === 0 && end === text.length ? text : text.slice(at, end);
    bytes += encoder.encodeInto(piece, scratch).written;
    at = end;
  }
  return bytes;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
