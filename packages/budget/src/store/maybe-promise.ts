import type { MaybePromise } from "./store.ts";

/** Goes on with a value at once when it is there, and when it arrives otherwise. */
export function chain<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
