/** Calls the method that an object would have had without the derivation, with at most two arguments. */
export type OriginalMethod = (self: object, first?: unknown, second?: unknown) => unknown;

/** Stands in for a method; `original` is what it stands in for. */
type Override = (
  self: object,
  original: OriginalMethod,
  first: unknown,
  second: unknown,
) => unknown;

/** Looks at what an accessor gave, before the app sees it. */
type Look = (self: object, value: unknown) => void;

export interface Derivation {
  readonly methods: Readonly<Record<PropertyKey, Override>>;
  readonly getters?: Readonly<Record<string, Look>>;
}

/**
 * Puts a prototype between an object and its own, so that some of its methods can be watched while
 * it stays the same object: same identity, same `instanceof`, same private state, same subclass.
 * Methods that the kind of object does not have stay absent.
 *
 * One derived prototype serves all objects of a kind, so call sites of the app stay monomorphic.
 */
export function createDerivation(derivation: Derivation): (target: object) => void {
  const derivedByOriginal = new WeakMap<object, object>();
  return (target) => {
    const original: unknown = Object.getPrototypeOf(target);
    if (typeof original !== "object" || original === null) return;
    let derived = derivedByOriginal.get(original);
    if (derived === undefined) {
      derived = derive(original, derivation);
      derivedByOriginal.set(original, derived);
    }
    Object.setPrototypeOf(target, derived);
  };
}

function derive(original: object, { methods, getters = {} }: Derivation): object {
  const derived: object = Object.create(original);
  for (const name of Reflect.ownKeys(methods)) {
    const override = methods[name];
    const method = originalMethod(original, name);
    if (override && method) defineMethod(derived, name, method, override);
  }
  for (const [name, look] of Object.entries(getters)) {
    Object.defineProperty(derived, name, {
      configurable: true,
      enumerable: true,
      get(this: object) {
        const value: unknown = Reflect.get(original, name, this);
        look(this, value);
        return value;
      },
    });
  }
  return derived;
}

/** @returns `undefined` when the kind of object has no such method. */
export function originalMethod(original: object, name: PropertyKey): OriginalMethod | undefined {
  const value: unknown = Reflect.get(original, name);
  if (typeof value !== "function") return undefined;
  return (self, first, second) => value.call(self, first, second);
}

/** Shaped as classes define theirs. */
function defineMethod(
  target: object,
  name: PropertyKey,
  method: OriginalMethod,
  override: Override,
): void {
  function value(this: object, first?: unknown, second?: unknown): unknown {
    return override(this, method, first, second);
  }
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}
