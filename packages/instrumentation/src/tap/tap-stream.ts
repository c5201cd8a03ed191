import type { BodySink } from "./body-sink.ts";
import { createDerivation, originalMethod, type OriginalMethod } from "./derive.ts";
import { reportFailure } from "./guarded.ts";
import { createStamp } from "./stamp.ts";

/** One way through a body: which sink it fills and how far it has come. */
interface Cursor {
  readonly sink: BodySink;
  offset: number;
}

/** Watches what one reader or iterator is promised. */
interface Watch {
  /** Looks at a promise without getting between: the app keeps the original, and reacts after us. */
  look(promise: unknown): void;
  /** Letting go of the lock rejects reads under way; the body goes on. */
  release(): void;
  cancel(): void;
}

const cursors = createStamp<Cursor>();
const watches = createStamp<Watch>();

/**
 * Lets a sink see every byte that passes a body stream, once, however the app reads it: readers of
 * both modes, async iteration, `tee`, pipes. The stream itself stays as it is: no wrapping stream, no
 * delay, no extra buffering.
 *
 * @param offset - where this stream starts within the body.
 */
export function tapStream(stream: ReadableStream, sink: BodySink, offset = 0): void {
  if (cursors.get(stream) !== undefined) return;
  cursors.set(stream, { sink, offset });
  deriveStream(stream);
}

export function isTapped(stream: object): boolean {
  return cursors.get(stream) !== undefined;
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

function sawResult(cursor: Cursor, result: unknown): void {
  if (typeof result !== "object" || result === null) return;
  if ("value" in result && result.value !== undefined) sawChunk(cursor, result.value);
  if ("done" in result && result.done === true) cursor.sink.done();
}

/** Its reactions are made once per reader, since a stream has hundreds of chunks. */
function createWatch(cursor: Cursor): Watch {
  let released = false;
  const onResult = (result: unknown): void => {
    try {
      sawResult(cursor, result);
    } catch (error) {
      reportFailure("reading an answer", error);
    }
  };
  const onError = (error: unknown): void => {
    if (!released) cursor.sink.fail(error);
  };
  return {
    look(promise) {
      if (promise instanceof Promise) promise.then(onResult, onError);
    },
    release() {
      released = true;
    },
    cancel: () => cursor.sink.cancel(),
  };
}

const deriveReader = createDerivation({
  methods: {
    read(self, original, view) {
      const promise = original(self, view);
      watches.get(self)?.look(promise);
      return promise;
    },
    cancel(self, original, reason) {
      watches.get(self)?.cancel();
      return original(self, reason);
    },
    releaseLock(self, original) {
      watches.get(self)?.release();
      return original(self);
    },
  },
});

/** Iterators are made anew by each loop, so a thin one of the same kind goes around the stream's own. */
function tapIterator(iterator: object, cursor: Cursor): object {
  const next = originalMethod(iterator, "next");
  const leave = originalMethod(iterator, "return");
  const watch = createWatch(cursor);
  const tapped: object = Object.create(Object.getPrototypeOf(iterator));
  return Object.assign(tapped, {
    next: () => {
      const promise = next?.(iterator);
      watch.look(promise);
      return promise;
    },
    return: (value?: unknown) => {
      watch.cancel();
      return leave?.(iterator, value);
    },
  });
}

function iterate(self: object, original: OriginalMethod, options: unknown): unknown {
  const iterator = original(self, options);
  const cursor = cursors.get(self);
  return cursor && typeof iterator === "object" && iterator !== null
    ? tapIterator(iterator, cursor)
    : iterator;
}

/**
 * Pipes read through internals that no override sees: here a tapped reader stands before them, and hands on
 * each chunk as it is asked for.
 */
function throughReader(stream: ReadableStream): ReadableStream {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        reader.releaseLock();
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function pipe(self: object, original: OriginalMethod, target: unknown, options: unknown): unknown {
  // A locked one fails as it does by itself.
  return cursors.get(self) !== undefined && self instanceof ReadableStream && !self.locked
    ? original(throughReader(self), target, options)
    : original(self, target, options);
}

const deriveStream = createDerivation({
  methods: {
    getReader(self, original, options) {
      const reader = original(self, options);
      const cursor = cursors.get(self);
      if (cursor && typeof reader === "object" && reader !== null) {
        watches.set(reader, createWatch(cursor));
        deriveReader(reader);
      }
      return reader;
    },
    values: iterate,
    [Symbol.asyncIterator]: iterate,
    tee(self, original) {
      const branches = original(self);
      const cursor = cursors.get(self);
      if (cursor && Array.isArray(branches)) {
        cursor.sink.branch();
        for (const branch of branches) {
          if (branch instanceof ReadableStream) tapStream(branch, cursor.sink, cursor.offset);
        }
      }
      return branches;
    },
    cancel(self, original, reason) {
      cursors.get(self)?.sink.cancel();
      return original(self, reason);
    },
    pipeThrough: pipe,
    pipeTo: pipe,
  },
});
