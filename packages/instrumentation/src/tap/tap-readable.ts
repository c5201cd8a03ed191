import type { BodySink } from "./body-sink.ts";
import { guarded } from "./guarded.ts";

/**
 * Lets a sink see every byte that passes a Node stream, however the app reads it: listeners, async
 * iteration, `read()`, pipes. All of them make the stream emit its chunks, and so only `emit` is
 * watched: no listener is added, which would set the stream flowing.
 *
 * @returns false when the object is no Node stream, or frozen.
 */
export function tapReadable(stream: unknown, sink: BodySink): boolean {
  if (typeof stream !== "object" || stream === null || !Object.isExtensible(stream)) return false;
  const emit: unknown = Reflect.get(stream, "emit");
  if (typeof emit !== "function") return false;
  // Once the stream is destroyed it no longer says.
  const session: unknown = Reflect.get(stream, "session");
  let offset = 0;
  const saw = (event: unknown, value: unknown): void => {
    if (event === "data") {
      const bytes = bytesOf(value);
      sink.bytes(offset, bytes);
      offset += bytes.byteLength;
    } else if (event === "end") sink.done();
    else if (event === "error") sink.fail(value);
    else if (event !== "close") return;
    // Destroyed before its end: with the whole HTTP/2 connection, which the app takes for an end, or by the app.
    else if (isDestroyed(session)) sink.done();
    else sink.cancel();
  };
  Object.defineProperty(stream, "emit", {
    value(this: unknown, ...args: readonly unknown[]): unknown {
      guarded("reading an answer", () => saw(args[0], args[1]));
      return Reflect.apply(emit, this, args);
    },
    writable: true,
    configurable: true,
  });
  return true;
}

function isDestroyed(session: unknown): boolean {
  return (
    typeof session === "object" && session !== null && Reflect.get(session, "destroyed") === true
  );
}

const NOTHING = new Uint8Array();

/** A stream that decodes emits text. */
function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  return typeof chunk === "string" ? new TextEncoder().encode(chunk) : NOTHING;
}
