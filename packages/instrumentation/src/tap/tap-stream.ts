import type { AnswerSink } from "./answer-sink.ts";
import { createDerivation, originalMethod, overriding, type OriginalMethod } from "./derive.ts";
import { observe } from "./observe.ts";

/** One reader's way through a body: which sink it fills and how far it has come. */
interface Cursor {
  readonly sink: AnswerSink;
  offset: number;
}

/** A reader's lock on a stream. */
interface Lock {
  readonly cursor: Cursor;
  released: boolean;
}

const cursors = new WeakMap<object, Cursor>();
const locks = new WeakMap<object, Lock>();

/**
 * Lets a sink see every byte that passes a body stream, once, however the app reads it: readers of
 * both modes, async iteration, `tee`, pipes. The stream itself stays as it is: no wrapping stream, no
 * delay, no extra buffering.
 *
 * @param offset - where this stream starts within the body.
 */
export function tapStream(stream: ReadableStream, sink: AnswerSink, offset = 0): void {
  if (cursors.has(stream)) return;
  cursors.set(stream, { sink, offset });
  deriveStream(stream);
}

export function isTapped(stream: object): boolean {
  return cursors.has(stream);
}

function sawChunk(cursor: Cursor, chunk: unknown): void {
  if (!ArrayBuffer.isView(chunk)) return;
  const bytes =
    chunk instanceof Uint8Array
      ? chunk
      : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  cursor.sink.bytes(cursor.offset, bytes);
  cursor.offset += bytes.byteLength;
}

/** Watches the promise of a `read()` or `next()`. */
function watchRead(promise: unknown, cursor: Cursor, lock?: Lock): void {
  if (!(promise instanceof Promise)) return;
  observe(
    promise,
    (result: unknown) => {
      if (typeof result !== "object" || result === null) return;
      if ("value" in result) sawChunk(cursor, result.value);
      if ("done" in result && result.done === true) cursor.sink.done();
    },
    (error) => {
      // Letting go of the lock rejects reads under way; the body goes on.
      if (lock?.released !== true) cursor.sink.fail(error);
    },
  );
}

const deriveReader = createDerivation((original) => ({
  ...overriding(
    original,
    "read",
    (read) =>
      function (...args) {
        const promise = read(this, args);
        const lock = locks.get(this);
        if (lock) watchRead(promise, lock.cursor, lock);
        return promise;
      },
  ),
  ...overriding(
    original,
    "cancel",
    (cancel) =>
      function (...args) {
        locks.get(this)?.cursor.sink.cancel();
        return cancel(this, args);
      },
  ),
  ...overriding(
    original,
    "releaseLock",
    (releaseLock) =>
      function (...args) {
        const lock = locks.get(this);
        if (lock) lock.released = true;
        return releaseLock(this, args);
      },
  ),
}));

/** Iterators are made anew by each loop, so a thin one of the same kind goes around the stream's own. */
function tapIterator(iterator: object, cursor: Cursor): object {
  const next = originalMethod(iterator, "next");
  const leave = originalMethod(iterator, "return");
  const tapped: object = Object.create(Object.getPrototypeOf(iterator));
  return Object.assign(tapped, {
    next: (...args: unknown[]) => {
      const promise = next?.(iterator, args);
      watchRead(promise, cursor);
      return promise;
    },
    return: (...args: unknown[]) => {
      cursor.sink.cancel();
      return leave?.(iterator, args);
    },
  });
}

/** Pipes read through internals that no override sees: the bytes pass through here instead. */
function createPassThrough(cursor: Cursor): TransformStream {
  return new TransformStream({
    transform(chunk, controller) {
      sawChunk(cursor, chunk);
      controller.enqueue(chunk);
    },
    flush: () => cursor.sink.done(),
    cancel: () => cursor.sink.cancel(),
  });
}

const overridingIterator = (original: object, name: PropertyKey): PropertyDescriptorMap =>
  overriding(
    original,
    name,
    (iterate) =>
      function (...args) {
        const iterator = iterate(this, args);
        const cursor = cursors.get(this);
        return cursor && typeof iterator === "object" && iterator !== null
          ? tapIterator(iterator, cursor)
          : iterator;
      },
  );

/** `pipeTo` and `pipeThrough`: by way of a stream that watches. */
const overridingPipe = (
  original: object,
  name: "pipeTo" | "pipeThrough",
  pipeThrough: OriginalMethod | undefined,
): PropertyDescriptorMap =>
  overriding(
    original,
    name,
    (pipe) =>
      function (...args) {
        const cursor = cursors.get(this);
        const passed = cursor && pipeThrough?.(this, [createPassThrough(cursor)]);
        return pipe(passed instanceof ReadableStream ? passed : this, args);
      },
  );

const deriveStream = createDerivation((original) => {
  const pipeThrough = originalMethod(original, "pipeThrough");
  return {
    ...overriding(
      original,
      "getReader",
      (getReader) =>
        function (...args) {
          const reader = getReader(this, args);
          const cursor = cursors.get(this);
          if (cursor && typeof reader === "object" && reader !== null) {
            locks.set(reader, { cursor, released: false });
            deriveReader(reader);
          }
          return reader;
        },
    ),
    ...overridingIterator(original, "values"),
    ...overridingIterator(original, Symbol.asyncIterator),
    ...overriding(
      original,
      "tee",
      (tee) =>
        function (...args) {
          const branches = tee(this, args);
          const cursor = cursors.get(this);
          if (cursor && Array.isArray(branches)) {
            cursor.sink.branch();
            for (const branch of branches) {
              if (branch instanceof ReadableStream) tapStream(branch, cursor.sink, cursor.offset);
            }
          }
          return branches;
        },
    ),
    ...overriding(
      original,
      "cancel",
      (cancel) =>
        function (...args) {
          cursors.get(this)?.sink.cancel();
          return cancel(this, args);
        },
    ),
    ...overridingPipe(original, "pipeThrough", pipeThrough),
    ...overridingPipe(original, "pipeTo", pipeThrough),
  };
});
