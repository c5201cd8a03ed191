/** Makes the overrides for objects that inherit from `original`. */
type MakeOverrides = (original: object) => PropertyDescriptorMap;

/**
 * Puts a prototype between an object and its own, so that some of its methods can be watched while
 * it stays the same object: same identity, same `instanceof`, same private state, same subclass.
 *
 * One derived prototype serves all objects of a kind, so call sites of the app stay monomorphic.
 */
export function createDerivation(makeOverrides: MakeOverrides): (target: object) => void {
  const derivedByOriginal = new WeakMap<object, object>();
  return (target) => {
    const original: unknown = Object.getPrototypeOf(target);
    if (typeof original !== "object" || original === null) return;
    let derived = derivedByOriginal.get(original);
    if (derived === undefined) {
      const created: object = Object.create(original, makeOverrides(original));
      derived = created;
      derivedByOriginal.set(original, derived);
    }
    Object.setPrototypeOf(target, derived);
  };
}

/** Calls the method that an object would have had without the derivation. */
export type OriginalMethod = (self: object, args: readonly unknown[]) => unknown;

/** @returns `undefined` when the kind of object has no such method. */
export function originalMethod(original: object, name: PropertyKey): OriginalMethod | undefined {
  const value: unknown = Reflect.get(original, name);
  return typeof value === "function" ? (self, args) => Reflect.apply(value, self, args) : undefined;
}

type Override = (this: object, ...args: unknown[]) => unknown;

/**
 * Overrides one method, shaped as classes define theirs; nothing where the original has no such method.
 */
export function overriding(
  original: object,
  name: PropertyKey,
  override: (method: OriginalMethod) => Override,
): PropertyDescriptorMap {
  const method = originalMethod(original, name);
  if (method === undefined) return {};
  const value = override(method);
  return { [name]: { value, writable: true, configurable: true, enumerable: false } };
}
