import { createUsageChunkFilter, type UsageChunkFilter } from "@tollgate/wire";
import type { AnswerChanges } from "../call/client-kind.ts";
import type { AnswerSink } from "../tap/answer-sink.ts";

/**
 * The same answer as one of ours, where the app is not to get all of it as it comes: without the chunk that says
 * the usage, which the app did not ask for, or ended when a budget stops it. The sink sees all bytes.
 *
 * The one place where the app gets another `Response` than the one that was fetched; it says the same of itself.
 * Its body is read from the original as it is read, with no buffer in between.
 */
export function remakeResponse(
  response: Response,
  sink: AnswerSink,
  { hidesUsage }: AnswerChanges,
): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) return response;
  const filter = hidesUsage ? createUsageChunkFilter() : undefined;
  const init = { status, statusText, headers };
  const remade = new Response(remakeBody(body, sink, filter), init);
  return Object.defineProperties(remade, {
    url: { value: response.url },
    redirected: { value: response.redirected },
    type: { value: response.type },
  });
}

function remakeBody(
  body: ReadableStream<Uint8Array>,
  sink: AnswerSink,
  filter: UsageChunkFilter | undefined,
): ReadableStream {
  const reader = body.getReader();
  let offset = 0;
  let stopped: Error | undefined;
  /** What was read last is still the app's. */
  let delivering = false;

  /** Reads on until there is something for the app; a pull that brings nothing would not come again. */
  const pull = (controller: ReadableByteStreamController): Promise<void> =>
    reader.read().then(
      ({ done, value }) => {
        if (stopped !== undefined) return undefined;
        if (done) {
          sink.done();
          const rest = filter?.end();
          if (rest !== undefined && rest.length > 0) controller.enqueue(ownBytes(rest));
          close(controller);
          return undefined;
        }
        delivering = true;
        sink.bytes(offset, value);
        offset += value.byteLength;
        const kept = filter === undefined ? value : filter.push(value);
        if (kept.length > 0) controller.enqueue(ownBytes(kept));
        delivering = false;
        stop(controller);
        return kept.length > 0 ? undefined : pull(controller);
      },
      (error: unknown) => {
        if (stopped !== undefined) return;
        sink.fail(error);
        controller.error(error);
      },
    );

  /** The app's reads fail, and the provider is told that nobody reads on. */
  const stop = (controller: ReadableByteStreamController): void => {
    if (stopped === undefined || delivering) return;
    controller.error(stopped);
    void reader.cancel(stopped).catch(() => undefined);
  };

  return new ReadableStream({
    type: "bytes",
    start(controller) {
      sink.onStop = (error) => {
        stopped = error;
        stop(controller);
      };
    },
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
