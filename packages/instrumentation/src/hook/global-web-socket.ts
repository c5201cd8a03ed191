import type { CallMeter } from "../fetch/metered-fetch.ts";
import { watchEventTarget } from "../realtime/event-target-socket.ts";
import { createSocketClasses, isSocketClass } from "../realtime/socket-class.ts";

/**
 * Meters the model calls on sockets of the global `WebSocket`; all other sockets are as ever. The class is only
 * looked at when the app does: Node loads it then.
 *
 * @returns a function that ends it: it restores what was there if nobody has replaced ours since, and
 *   lets new sockets pass unseen otherwise.
 */
export function hookGlobalWebSocket({ realtime }: CallMeter): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  if (before?.configurable !== true) return () => undefined;
  const classes = createSocketClasses((socket, url) => watchEventTarget(realtime, socket, url));
  const get = (): unknown => {
    const original: unknown = before.get ? before.get.call(globalThis) : before.value;
    return isSocketClass(original) ? classes.wrap(original) : original;
  };
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
