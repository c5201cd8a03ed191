import { AsyncLocalStorage } from "node:async_hooks";
import { mergeAttribution, type Attribution } from "./attribution.ts";

/**
 * One storage for all copies of this package in a process: an app's own copy and the one that
 * `--import` loaded must see the same attribution.
 */
const key = Symbol.for("tollgate.attribution.v1");
const shared = globalThis as { [key]?: AsyncLocalStorage<Attribution> };
const storage: AsyncLocalStorage<Attribution> = (shared[key] ??= new AsyncLocalStorage());

/**
 * Charges every call made inside `fn`, however deep and asynchronous, to `attribution`.
 *
 * Calls nest: an inner one wins where both say something and inherits the rest.
 *
 * @returns what `fn` returns.
 */
export function withAttribution<Result>(attribution: Attribution, fn: () => Result): Result {
  return storage.run(mergeAttribution(storage.getStore(), attribution), fn);
}

/** What {@link withAttribution} has set here; `undefined` outside of it. */
export function currentAttribution(): Attribution | undefined {
  return storage.getStore();
}
