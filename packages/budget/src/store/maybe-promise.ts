import type { MaybePromise } from "./store.ts";

/** Goes on with a value at once when it is there, and when it arrives otherwise. */
export function chain<Value, Result>(
  value: MaybePromise<Value>,
  proceed: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(proceed) : proceed(value);
}
