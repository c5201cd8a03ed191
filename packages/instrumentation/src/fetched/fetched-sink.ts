import type { FetchedReader } from "@tollgate/wire";
import type { BodySink } from "../tap/body-sink.ts";
import { guarded, reportFailure } from "../tap/guarded.ts";

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

  return {
    bytes,
    wholeJson: (value) => whole(() => reader.json(value)),
    wholeText: (text) => whole(() => reader.text(text)),
    wholeBlob(blob) {
      readBlob(blob, reader, bytes)
        .then(end)
        .catch((error: unknown) => reportFailure("reading a fetched result", error));
    },
    done: end,
    fail: end,
    branch: () => void readers++,
    cancel() {
      readers--;
      if (readers <= 0) end();
    },
  };
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
