/** Calls the method that an object had. */
export type CallOriginal = (args: readonly unknown[]) => unknown;

/**
 * Stands in for a method on one object only, unseen by `Object.keys`. The class and all other objects of
 * it are untouched. Does nothing when there is no such method.
 */
export function overrideMethod(
  target: object,
  name: string,
  override: (original: CallOriginal, args: readonly unknown[]) => unknown,
): void {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== "function") return;
  const original: CallOriginal = (args) => Reflect.apply(method, target, args);
  Object.defineProperty(target, name, {
    value: (...args: readonly unknown[]): unknown => override(original, args),
    writable: true,
    configurable: true,
  });
}
