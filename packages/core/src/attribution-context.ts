import { AsyncLocalStorage } from "node:async_hooks";
import { mergeAttribution, type Attribution } from "./attribution.ts";
import type { RunScope } from "./run.ts";

/** What follows a call through everything asynchronous it does. */
interface CallContext {
  readonly attribution: Attribution | undefined;
  readonly meteredUrl: string | undefined;
  readonly run: RunScope | undefined;
}

const NOTHING: CallContext = { attribution: undefined, meteredUrl: undefined, run: undefined };

/**
 * One storage for all copies of this package in a process: an app's own copy and the one that
 * `--import` loaded must see the same attribution.
 */
const STORAGE_KEY = Symbol.for("tollgate.context.v1");
const storage = sharedStorage();

function sharedStorage(): AsyncLocalStorage<CallContext> {
  const found: unknown = Reflect.get(globalThis, STORAGE_KEY);
  if (found instanceof AsyncLocalStorage) return found;
  const created = new AsyncLocalStorage<CallContext>();
  Reflect.set(globalThis, STORAGE_KEY, created);
  return created;
}

/**
 * Charges every call made inside `fn`, however deep and asynchronous, to `attribution`.
 *
 * Calls nest: an inner one wins where both say something and inherits the rest.
 *
 * @returns what `fn` returns.
 */
export function withAttribution<Result>(attribution: Attribution, fn: () => Result): Result {
  const outer = storage.getStore() ?? NOTHING;
  return storage.run(
    { ...outer, attribution: mergeAttribution(outer.attribution, attribution) },
    fn,
  );
}

/** What {@link withAttribution} has set here; `undefined` outside of it. */
export function currentAttribution(): Attribution | undefined {
  return storage.getStore()?.attribution;
}

/**
 * Says that the request to `url` is metered already, so that a metered fetch below another one
 * (an SDK's `fetch` option over a hooked global) steps aside.
 */
export function withMeteredUrl<Result>(url: string, fn: () => Result): Result {
  return storage.run({ ...(storage.getStore() ?? NOTHING), meteredUrl: url }, fn);
}

/** The URL that a metered fetch above is sending to; `undefined` outside of one. */
export function currentMeteredUrl(): string | undefined {
  return storage.getStore()?.meteredUrl;
}

/** Says that what happens inside `fn`, however deep and asynchronous, is part of a run. */
export function withRun<Result>(run: RunScope, fn: () => Result): Result {
  return storage.run({ ...(storage.getStore() ?? NOTHING), run }, fn);
}

/** The innermost run under way here; `undefined` outside of one. */
export function currentRun(): RunScope | undefined {
  return storage.getStore()?.run;
}
