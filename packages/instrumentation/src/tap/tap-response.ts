import type { BodySink } from "./body-sink.ts";
import { createDerivation, type OriginalMethod } from "./derive.ts";
import { guarded } from "./guarded.ts";
import { createStamp } from "./stamp.ts";
import { isTapped, tapStream } from "./tap-stream.ts";

const sinks = createStamp<BodySink>();

/**
 * Lets a sink see what the app reads of a response: the results of its own `json()`, `text()` and the
 * like, or the bytes of its body. Nothing is read that the app does not read.
 *
 * @returns false when the object cannot be tapped because it is frozen; it is untouched then.
 */
export function tapResponse(response: object, sink: BodySink): boolean {
  if (!Object.isExtensible(response)) return false;
  sinks.set(response, sink);
  deriveResponse(response);
  return true;
}

type Feed = (sink: BodySink, value: unknown) => void;

/** A method that reads the whole body; its result is shown to the sink before the app sees it. */
function whole(feed: Feed): (self: object, original: OriginalMethod) => unknown {
  return (self, original) => {
    const promise = original(self);
    const sink = sinks.get(self);
    if (sink && promise instanceof Promise) watchWhole(promise, sink, feed);
    return promise;
  };
}

/** The app keeps the original promise, and its reactions run after ours. */
function watchWhole(promise: Promise<unknown>, sink: BodySink, feed: Feed): void {
  promise.then(
    (value) => guarded("reading an answer", () => feed(sink, value)),
    (error: unknown) => sink.fail(error),
  );
}

const feedText: Feed = (sink, value) => {
  if (typeof value === "string") sink.wholeText(value);
};

const feedBytes: Feed = (sink, value) => {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (bytes instanceof Uint8Array) sink.bytes(0, bytes);
  sink.done();
};

const feedBlob: Feed = (sink, value) => {
  if (!(value instanceof Blob)) return;
  if (sink.wholeBlob) sink.wholeBlob(value);
  else watchWhole(value.arrayBuffer(), sink, feedBytes);
};

const deriveResponse = createDerivation({
  methods: {
    json: whole((sink, value) => sink.wholeJson(value)),
    text: whole(feedText),
    arrayBuffer: whole(feedBytes),
    bytes: whole(feedBytes),
    blob: whole(feedBlob),
    clone(self, original) {
      const sink = sinks.get(self);
      // The clone tees the body; a tapped body tells the sink of its branches itself.
      const toldByBody = bodyIsTapped(self);
      const copy = original(self);
      if (sink && typeof copy === "object" && copy !== null) {
        if (!toldByBody) sink.branch();
        tapResponse(copy, sink);
      }
      return copy;
    },
  },
  getters: {
    body(self, body) {
      const sink = sinks.get(self);
      if (sink && body instanceof ReadableStream) tapStream(body, sink);
    },
  },
});

/** Asks the kind of response itself: our own getter would tap the body. */
function bodyIsTapped(response: object): boolean {
  const kind: object = Object.getPrototypeOf(Object.getPrototypeOf(response));
  const body: unknown = Reflect.get(kind, "body", response);
  return typeof body === "object" && body !== null && isTapped(body);
}
