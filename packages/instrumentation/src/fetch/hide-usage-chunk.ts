import { createUsageChunkFilter } from "@tollgate/wire";
import type { AnswerSink } from "../tap/answer-sink.ts";

/**
 * The same answer without the chunk that says the usage, which the app did not ask for: the sink sees
 * all bytes, the app all others.
 *
 * The one place where the app gets another `Response` than the one that was fetched; it says the same of itself.
 * Its body is read from the original as it is read, with no buffer in between.
 */
export function hideUsageChunk(response: Response, sink: AnswerSink): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) return response;
  const hidden = new Response(withoutUsageChunk(body, sink), { status, statusText, headers });
  return Object.defineProperties(hidden, {
    url: { value: response.url },
    redirected: { value: response.redirected },
    type: { value: response.type },
  });
}

function withoutUsageChunk(body: ReadableStream<Uint8Array>, sink: AnswerSink): ReadableStream {
  const reader = body.getReader();
  const filter = createUsageChunkFilter();
  let offset = 0;

  /** Reads on until there is something for the app; a pull that brings nothing would not come again. */
  const pull = (controller: ReadableByteStreamController): Promise<void> =>
    reader.read().then(
      ({ done, value }) => {
        if (done) {
          sink.done();
          const rest = filter.end();
          if (rest.length > 0) controller.enqueue(ownBytes(rest));
          close(controller);
          return undefined;
        }
        sink.bytes(offset, value);
        offset += value.byteLength;
        const kept = filter.push(value);
        if (kept.length === 0) return pull(controller);
        controller.enqueue(ownBytes(kept));
        return undefined;
      },
      (error: unknown) => {
        sink.fail(error);
        controller.error(error);
      },
    );

  return new ReadableStream({
    type: "bytes",
    pull,
    cancel(reason) {
      sink.cancel();
      return reader.cancel(reason);
    },
  });
}

/** A byte stream takes the whole buffer over: nothing else may live in it. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

/** A BYOB read that waits when the stream closes is answered with nothing. */
function close(controller: ReadableByteStreamController): void {
  controller.close();
  controller.byobRequest?.respond(0);
}
