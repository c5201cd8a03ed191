import { guarded } from "../tap/guarded.ts";

/** A class of sockets. */
export type SocketClass = new (...args: readonly unknown[]) => object;

export function isSocketClass(value: unknown): value is SocketClass {
  return typeof value === "function" && typeof value.prototype === "object";
}

/** Makes classes whose new sockets are looked at, once each. */
export interface SocketClasses {
  /** The same class for the app: `instanceof`, statics, subclasses and `constructor` hold. */
  wrap(original: SocketClass): SocketClass;
  /** Lets new sockets pass unseen from now on. */
  stop(): void;
  restart(): void;
}

/** @param look - at a new socket and the URL that it was given. */
export function createSocketClasses(look: (socket: object, url: unknown) => void): SocketClasses {
  const wrapped = new Map<SocketClass, SocketClass>();
  /** Seen again by another hook, they stay what they are. */
  const proxies = new Set<SocketClass>();
  let active = true;

  function wrap(original: SocketClass): SocketClass {
    const known = proxies.has(original) ? original : wrapped.get(original);
    if (known !== undefined) return known;
    const proxy: SocketClass = new Proxy(original, {
      construct(target, args: readonly unknown[], newTarget) {
        const socket: object = Reflect.construct(target, args, newTarget);
        if (active) guarded("looking at a socket", () => look(socket, args[0]));
        return socket;
      },
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        // `ws` holds itself as a member.
        return value === target ? proxy : value;
      },
    });
    wrapped.set(original, proxy);
    proxies.add(proxy);
    nameConstructor(original, proxy);
    return proxy;
  }

  return {
    wrap,
    stop() {
      active = false;
      for (const original of wrapped.keys()) nameConstructor(original, original);
    },
    restart() {
      active = true;
      for (const [original, proxy] of wrapped) nameConstructor(original, proxy);
    },
  };
}

/** What a socket says its class is. */
function nameConstructor({ prototype }: SocketClass, value: SocketClass): void {
  const own = Object.getOwnPropertyDescriptor(prototype, "constructor");
  if (own?.configurable === true)
    Object.defineProperty(prototype, "constructor", { ...own, value });
}
