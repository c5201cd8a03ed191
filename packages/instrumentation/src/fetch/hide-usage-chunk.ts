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
  async function next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { done, value } = await reader.read();
    if (done) {
      sink.done();
      const rest = filter.end();
      return rest.length > 0 ? new Uint8Array(rest) : undefined;
    }
    sink.bytes(offset, value);
    offset += value.byteLength;
    const kept = filter.push(value);
    return kept.length > 0 ? new Uint8Array(kept) : next();
  }

  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      try {
        const bytes = await next();
        if (bytes !== undefined) controller.enqueue(bytes);
        else close(controller);
      } catch (error) {
        sink.fail(error);
        controller.error(error);
      }
    },
    cancel(reason) {
      sink.cancel();
      return reader.cancel(reason);
    },
  });
}

/** A BYOB read that waits when the stream closes is answered with nothing. */
function close(controller: ReadableByteStreamController): void {
  controller.close();
  controller.byobRequest?.respond(0);
}
