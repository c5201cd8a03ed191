import type { FetchedReader } from "@tollgate/wire";
import type { BodySink } from "../tap/body-sink.ts";
import { guarded, reportFailure } from "../tap/guarded.ts";

/** Text that is read without a pause: some thousand lines. */
const PIECE_CHARS = 2_097_152;

/**
 * Shows a reader what the app reads of a body, each byte once, as long as it wants to see more.
 *
 * @param onRead - called when the reader has taken something in.
 */
export function createFetchedSink(reader: FetchedReader, onRead: () => void): BodySink {
  let seenBytes = 0;
  let readers = 1;
  let ended = false;

  const show = (read: () => void): void => {
    guarded("reading a fetched result", read);
    guarded("charging a fetched result", onRead);
  };

  const bytes = (offset: number, chunk: Uint8Array): void => {
    const fresh = offset + chunk.byteLength - seenBytes;
    if (ended || !reader.open || fresh <= 0 || offset > seenBytes) return;
    seenBytes += fresh;
    show(() => reader.write(chunk.subarray(chunk.byteLength - fresh)));
  };

  const end = (): void => {
    if (ended) return;
    ended = true;
    show(() => reader.end());
  };

  const whole = (read: () => void): void => {
    if (!ended) show(read);
    end();
  };

  const endAfter = (reading: Promise<void>): void => {
    reading.then(end, (error: unknown) => reportFailure("reading a fetched result", error));
  };

  return {
    bytes,
    wholeJson: (value) => whole(() => reader.json(value)),
    wholeText(text) {
      if (text.length <= PIECE_CHARS) whole(() => reader.text(text));
      else if (!ended) endAfter(readText(text, reader, show));
    },
    wholeBlob: (blob) => endAfter(readBlob(blob, reader, bytes)),
    done: end,
    fail: end,
    branch: () => void readers++,
    cancel() {
      readers--;
      if (readers <= 0) end();
    },
  };
}

/** The app, which has the text now, gets its turns between the pieces: a file may have 100,000 lines. */
async function readText(
  text: string,
  reader: FetchedReader,
  show: (read: () => void) => void,
): Promise<void> {
  let at = 0;
  while (at < text.length && reader.open) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    const lineEnd = text.indexOf("\n", at + PIECE_CHARS);
    const piece = text.slice(at, lineEnd < 0 ? text.length : lineEnd + 1);
    show(() => reader.text(piece));
    at += piece.length;
  }
}

/** In pieces, and only as far as the reader wants it. */
async function readBlob(
  blob: Blob,
  reader: FetchedReader,
  bytes: BodySink["bytes"],
): Promise<void> {
  let offset = 0;
  const body = blob.stream().getReader();
  while (reader.open) {
    const { done, value } = await body.read();
    if (done) return;
    bytes(offset, value);
    offset += value.byteLength;
  }
  await body.cancel();
}
