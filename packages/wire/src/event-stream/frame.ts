/** One message of an AWS event stream. */
export interface Frame {
  /** Its string headers, such as `:event-type`; the others mean nothing to us. */
  readonly headers: FrameHeaders;
  /** Valid until the next one is asked for. */
  readonly payload: Uint8Array;
}

export type FrameHeaders = ReadonlyMap<string, string>;

/** Total length, length of the headers, checksum of both. */
export const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** AWS allows 24 MiB in one message. */
const MAX_FRAME_BYTES = 33_554_432;

/**
 * The length of the message that starts here, or why there is none. Checksums are left to the app's
 * own client.
 *
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html
 */
export function frameLength(view: DataView, at: number): number | "broken" {
  const total = view.getUint32(at);
  const headers = view.getUint32(at + 4);
  const least = PRELUDE_BYTES + headers + CHECKSUM_BYTES;
  return total < least || total > MAX_FRAME_BYTES ? "broken" : total;
}

/** Reads headers and payload of one whole message. */
export function readFrame(
  bytes: Uint8Array,
  headersOf: (block: Uint8Array) => FrameHeaders,
): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headersEnd = PRELUDE_BYTES + view.getUint32(4);
  return {
    headers: headersOf(bytes.subarray(PRELUDE_BYTES, headersEnd)),
    payload: bytes.subarray(headersEnd, bytes.length - CHECKSUM_BYTES),
  };
}

const STRING_TYPE = 7;
/** Bytes of a header's value by its type; two have a length in front. */
const FIXED_SIZES: Readonly<Record<number, number>> = {
  0: 0,
  1: 0,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  8: 8,
  9: 16,
};
const SIZED_TYPES: ReadonlySet<number> = new Set([6, STRING_TYPE]);

/** Reads a block of headers as far as it makes sense. */
export function readFrameHeaders(block: Uint8Array): FrameHeaders {
  const headers = new Map<string, string>();
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const decoder = new TextDecoder();
  let at = 0;
  while (at < block.length) {
    const nameEnd = at + 1 + view.getUint8(at);
    if (nameEnd >= block.length) break;
    const type = view.getUint8(nameEnd);
    const sized = SIZED_TYPES.has(type);
    const start = nameEnd + (sized ? 3 : 1);
    if (start > block.length) break;
    const size = sized ? view.getUint16(nameEnd + 1) : FIXED_SIZES[type];
    if (size === undefined || start + size > block.length) break;
    if (type === STRING_TYPE) {
      const name = decoder.decode(block.subarray(at + 1, nameEnd));
      headers.set(name, decoder.decode(block.subarray(start, start + size)));
    }
    at = start + size;
  }
  return headers;
}
