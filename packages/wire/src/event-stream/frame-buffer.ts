import {
  frameLength,
  PRELUDE_BYTES,
  readFrame,
  readFrameHeaders,
  type Frame,
  type FrameHeaders,
} from "./frame.ts";

/** Collects bytes and hands them out as whole messages. */
export interface FrameBuffer {
  append(chunk: Uint8Array): void;
  /** Bytes not yet taken. */
  size(): number;
  /** Hands out every whole message. Afterwards only the start of one is left. */
  takeFrames(onFrame: (frame: Frame) => void): void;
  /** Whether something came that is no message; nothing behind it can be read. */
  broken(): boolean;
}

const INITIAL_BYTES = 8_192;
/** A stream has a handful of kinds of messages, each with the same headers every time. */
const MAX_KEPT_HEADERS = 32;

export function createFrameBuffer(): FrameBuffer {
  const headersOf = createHeaderReader();
  let bytes = new Uint8Array(INITIAL_BYTES);
  let size = 0;
  let broken = false;

  /** @returns where the last whole message ends. */
  const eachFrame = (onFrame: (frame: Frame) => void): number => {
    const view = new DataView(bytes.buffer);
    let at = 0;
    while (size - at >= PRELUDE_BYTES) {
      const length = frameLength(view, at);
      if (length === "broken") {
        broken = true;
        return size;
      }
      if (at + length > size) break;
      onFrame(readFrame(bytes.subarray(at, at + length), headersOf));
      at += length;
    }
    return at;
  };

  return {
    size: () => size,
    broken: () => broken,
    append(chunk) {
      if (broken) return;
      const needed = size + chunk.length;
      if (needed > bytes.length) {
        const larger = new Uint8Array(Math.max(needed, 2 * bytes.length));
        larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(chunk, size);
      size = needed;
    },
    takeFrames(onFrame) {
      const end = eachFrame(onFrame);
      bytes.copyWithin(0, end, size);
      size -= end;
    },
  };
}

function createHeaderReader(): (block: Uint8Array) => FrameHeaders {
  const kept = new Map<string, FrameHeaders>();
  const decoder = new TextDecoder("latin1");
  return (block) => {
    const key = decoder.decode(block);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const headers = readFrameHeaders(block);
    if (kept.size < MAX_KEPT_HEADERS) kept.set(key, headers);
    return headers;
  };
}
