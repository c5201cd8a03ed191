/** The end of a run, told once; later tellings are ignored. */
export interface RunEnd {
  /** @param value - what it gave, where that is one value. */
  completed(value?: unknown): void;
  failed(error: unknown): void;
}

export interface RunningRun extends RunEnd {
  /** Runs a piece of the run's own code as part of it. */
  within<Result>(fn: () => Result): Result;
}

/**
 * Ends a run when what it returned ends: at once for a plain value, with a promise, with the last
 * element of an async iterable, also of one that a promise brings.
 *
 * @returns the same value; for a plain promise one with the same outcome, so that a rejection which
 *   nobody handles stays one.
 */
export function followResult<Result>(result: Result, run: RunningRun): Result;
export function followResult(result: unknown, run: RunningRun): unknown {
  if (isPlainPromise(result))
    return followPromise(result, run, (value) => followResult(value, run));
  if (typeof result === "object" && result !== null) {
    if ("then" in result && typeof result.then === "function") {
      return followThenable(result, result.then, run);
    }
    if (isAsyncIterable(result)) {
      followIterable(result, run);
      return result;
    }
  }
  run.completed(result);
  return result;
}

/** Not a subclass: those of LLM SDKs have methods of their own, and begin work when they are asked. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    value.constructor === Promise &&
    value.then === Promise.prototype.then
  );
}

function followPromise(
  promise: Promise<unknown>,
  run: RunEnd,
  follow: (value: unknown) => unknown,
): Promise<unknown> {
  return promise.then(follow, (error: unknown) => {
    run.failed(error);
    throw error;
  });
}

/** Watches the app's own `then`: asking by ourselves might start, or repeat, what it stands for. */
function followThenable(thenable: object, then: Function, run: RunningRun): object {
  const watched = (onValue: unknown, onError: unknown): unknown =>
    Reflect.apply(then, thenable, [
      (value: unknown) => {
        const followed = followResult(value, run);
        return typeof onValue === "function"
          ? Reflect.apply(onValue, undefined, [followed])
          : followed;
      },
      (error: unknown) => {
        run.failed(error);
        if (typeof onError === "function") return Reflect.apply(onError, undefined, [error]);
        throw error;
      },
    ]);
  if (!override(thenable, "then", watched)) run.completed();
  return thenable;
}

/** Byte streams are read in many ways that no iteration shows: they count as plain values. */
function isAsyncIterable(value: object): boolean {
  return (
    Symbol.asyncIterator in value &&
    typeof value[Symbol.asyncIterator] === "function" &&
    !("getReader" in value)
  );
}

/** On the object itself, so that the app keeps the very stream it was given, with all its methods. */
function followIterable(iterable: object, run: RunningRun): void {
  if ("next" in iterable) {
    followIterator(iterable, run);
    return;
  }
  const iterate: unknown = Reflect.get(iterable, Symbol.asyncIterator);
  if (typeof iterate !== "function") return;
  const watched = (): unknown => {
    const iterator: unknown = run.within(() => Reflect.apply(iterate, iterable, []));
    if (typeof iterator === "object" && iterator !== null) followIterator(iterator, run);
    return iterator;
  };
  if (!override(iterable, Symbol.asyncIterator, watched)) run.completed();
}

/** Each step of a generator runs in the context of whoever asks for it: ours is put around it. */
function followIterator(iterator: object, run: RunningRun): void {
  for (const method of ["next", "return", "throw"]) {
    const step: unknown = Reflect.get(iterator, method);
    if (typeof step !== "function") continue;
    const watched = (...args: unknown[]): unknown => {
      const taken: unknown = run.within(() => Reflect.apply(step, iterator, args));
      return taken instanceof Promise
        ? followPromise(taken, run, (value) => noteStep(value, run))
        : noteStep(taken, run);
    };
    if (!override(iterator, method, watched)) run.completed();
  }
}

function noteStep(step: unknown, run: RunEnd): unknown {
  const done = typeof step === "object" && step !== null && "done" in step && step.done === true;
  if (done) run.completed();
  return step;
}

/** @returns whether the object let itself be watched. */
function override(target: object, key: PropertyKey, value: unknown): boolean {
  return Reflect.defineProperty(target, key, { value, writable: true, configurable: true });
}
