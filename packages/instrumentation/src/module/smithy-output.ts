import type { BodySink } from "../tap/body-sink.ts";

/** By the body of the response that the output is made of. */
const sinks = new WeakMap<object, BodySink>();

export function rememberSink(body: unknown, sink: BodySink): void {
  if (typeof body === "object" && body !== null) sinks.set(body, sink);
}

/**
 * Watches the streams of events in a command's output. Their bytes are seen below; but when an app
 * leaves one, or the server breaks it off, the SDK just stops reading, and the body tells nobody.
 */
export function watchOutput(body: unknown, output: unknown): void {
  const sink = typeof body === "object" && body !== null ? sinks.get(body) : undefined;
  if (sink === undefined || typeof output !== "object" || output === null) return;
  for (const member of Object.values(output)) {
    const value: unknown = member;
    if (typeof value === "object" && value !== null && value !== body) tapIterable(value, sink);
  }
}

function tapIterable(iterable: object, sink: BodySink): void {
  const iterate: unknown = Reflect.get(iterable, Symbol.asyncIterator);
  if (typeof iterate !== "function" || !Object.isExtensible(iterable)) return;
  Object.defineProperty(iterable, Symbol.asyncIterator, {
    value(this: unknown): unknown {
      const iterator: unknown = Reflect.apply(iterate, this, []);
      return typeof iterator === "object" && iterator !== null
        ? tapIterator(iterator, sink)
        : iterator;
    },
    writable: true,
    configurable: true,
  });
}

/** A thin iterator of the same kind around the SDK's own. */
function tapIterator(iterator: object, sink: BodySink): object {
  const call = (name: string, value?: unknown): unknown => {
    const method: unknown = Reflect.get(iterator, name);
    return typeof method === "function" ? Reflect.apply(method, iterator, [value]) : undefined;
  };
  const tapped: object = Object.create(Object.getPrototypeOf(iterator));
  return Object.assign(tapped, {
    next(value?: unknown) {
      const promise = call("next", value);
      if (promise instanceof Promise) promise.catch((error: unknown) => sink.fail(error));
      return promise;
    },
    return(value?: unknown) {
      sink.cancel();
      return call("return", value);
    },
    throw(error?: unknown) {
      sink.fail(error);
      return call("throw", error);
    },
  });
}
