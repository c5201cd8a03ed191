import type { AnswerSink } from "./answer-sink.ts";
import { createDerivation, overriding } from "./derive.ts";
import { observe } from "./observe.ts";
import { isTapped, tapStream } from "./tap-stream.ts";

const sinks = new WeakMap<object, AnswerSink>();

/**
 * Lets a sink see what the app reads of a response: the results of its own `json()`, `text()` and the
 * like, or the bytes of its body. Nothing is read that the app does not read.
 *
 * @returns false when the object cannot be tapped because it is frozen; it is untouched then.
 */
export function tapResponse(response: Response, sink: AnswerSink): boolean {
  if (!Object.isExtensible(response)) return false;
  sinks.set(response, sink);
  deriveResponse(response);
  return true;
}

type Feed = (sink: AnswerSink, value: unknown) => void;

/** A method that reads the whole body; its result is shown to the sink before the app sees it. */
const overridingWhole = (original: object, name: string, feed: Feed): PropertyDescriptorMap =>
  overriding(
    original,
    name,
    (read) =>
      function (...args) {
        const promise = read(this, args);
        const sink = sinks.get(this);
        if (sink && promise instanceof Promise) {
          observe(promise, (value: unknown) => feed(sink, value), sink.fail);
        }
        return promise;
      },
  );

const feedJson: Feed = (sink, value) => sink.json(value);

const feedText: Feed = (sink, value) => {
  if (typeof value === "string") sink.text(value);
};

const feedBytes: Feed = (sink, value) => {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (bytes instanceof Uint8Array) sink.bytes(0, bytes);
  sink.done();
};

const feedBlob: Feed = (sink, value) => {
  if (!(value instanceof Blob)) return;
  observe(value.arrayBuffer(), (buffer) => feedBytes(sink, buffer), sink.fail);
};

const deriveResponse = createDerivation((original) => ({
  ...overridingWhole(original, "json", feedJson),
  ...overridingWhole(original, "text", feedText),
  ...overridingWhole(original, "arrayBuffer", feedBytes),
  ...overridingWhole(original, "bytes", feedBytes),
  ...overridingWhole(original, "blob", feedBlob),
  body: {
    configurable: true,
    enumerable: true,
    get(this: object) {
      const body: unknown = Reflect.get(original, "body", this);
      const sink = sinks.get(this);
      if (sink && body instanceof ReadableStream) tapStream(body, sink);
      return body;
    },
  },
  ...overriding(
    original,
    "clone",
    (clone) =>
      function (...args) {
        const body: unknown = Reflect.get(original, "body", this);
        // The clone tees the body; a tapped body has told the sink of its branches itself.
        const toldByBody = typeof body === "object" && body !== null && isTapped(body);
        const copy = clone(this, args);
        const sink = sinks.get(this);
        if (sink && copy instanceof Response) {
          if (!toldByBody) sink.branch();
          tapResponse(copy, sink);
        }
        return copy;
      },
  ),
}));
