/**
 * One map for all copies of this package in a process: an app's own copy and the one that `--import`
 * loaded must see the same spans and the same host.
 *
 * @param key - made by `Symbol.for`, with the version of what is shared in its name.
 */
export function processWideMap<Value>(key: symbol): WeakMap<object, Value> {
  const found: unknown = Reflect.get(globalThis, key);
  if (found instanceof WeakMap) return found;
  const created = new WeakMap<object, Value>();
  Reflect.set(globalThis, key, created);
  return created;
}
