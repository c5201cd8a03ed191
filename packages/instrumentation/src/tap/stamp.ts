/** A value that objects carry where nobody else can see it. */
export interface Stamp<Value> {
  get(object: object): Value | undefined;
  /** The object must be extensible. */
  set(object: object, value: Value): void;
}

/** A base class whose constructor hands back what it is given, so that a subclass adds its fields to that. */
// oxlint-disable-next-line typescript/no-extraneous-class -- its constructor is all that is wanted
class Given {
  constructor(object: object) {
    // oxlint-disable-next-line no-constructor-return -- it is what this class is for
    return object;
  }
}

/**
 * Makes a kind of stamp: a private field on the object itself.
 *
 * Not a WeakMap: its table is old, so a young object's value in it is kept through every minor collection,
 * and with it all that a call holds, whose answers live for an instant.
 */
export function createStamp<Value>(): Stamp<Value> {
  class Stamped extends Given {
    #value: Value;
    constructor(object: object, value: Value) {
      super(object);
      this.#value = value;
    }
    static get(object: object): Value | undefined {
      return #value in object ? object.#value : undefined;
    }
    static set(object: object, value: Value): object {
      if (!(#value in object)) return new Stamped(object, value);
      object.#value = value;
      return object;
    }
  }
  return {
    get: (object) => Stamped.get(object),
    set: (object, value) => void Stamped.set(object, value),
  };
}
