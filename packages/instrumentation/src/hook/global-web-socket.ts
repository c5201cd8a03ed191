import type { CallMeter } from "../fetch/metered-fetch.ts";
import { watchEventTarget } from "../realtime/event-target-socket.ts";
import { createSocketClasses, isSocketClass } from "../realtime/socket-class.ts";

/** The global `WebSocket` of Node as it is found, or as it is known to be. */
type Found = PropertyDescriptor & { readonly get?: () => unknown };

/**
 * Node loads its global when somebody so much as looks at the property, which takes as long as all of ours. Its
 * module for HTTP has the same class.
 *
 * @see https://nodejs.org/api/http.html#class-websocket
 */
const NODE_GLOBAL: Found = {
  get: () => Reflect.get(process.getBuiltinModule("node:http"), "WebSocket"),
  configurable: true,
  enumerable: false,
};

/**
 * Meters the model calls on sockets of the global `WebSocket`; all other sockets are as ever.
 *
 * @param isUntouched - that nobody can have replaced Node's own global: then it is not loaded before the app uses it.
 * @returns a function that ends it: it restores what was there if nobody has replaced ours since, and
 *   lets new sockets pass unseen otherwise.
 */
export function hookGlobalWebSocket({ realtime }: CallMeter, isUntouched = false): () => void {
  const before: Found | undefined = isUntouched
    ? NODE_GLOBAL
    : Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  if (before?.configurable !== true) return () => undefined;
  const classes = createSocketClasses((socket, url) => watchEventTarget(realtime, socket, url));
  const get = (): unknown => {
    const original: unknown = before.get ? before.get.call(globalThis) : before.value;
    return isSocketClass(original) ? classes.wrap(original) : original;
  };
  // Defining it anew would look at it, too.
  if (isUntouched) Reflect.deleteProperty(globalThis, "WebSocket");
  Object.defineProperty(globalThis, "WebSocket", {
    get,
    set(value: unknown) {
      Object.defineProperty(globalThis, "WebSocket", {
        value,
        writable: true,
        configurable: true,
        enumerable: before.enumerable ?? false,
      });
    },
    configurable: true,
    enumerable: before.enumerable ?? false,
  });
  return () => {
    classes.stop();
    const now = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
    if (now?.get === get) Object.defineProperty(globalThis, "WebSocket", before);
  };
}
