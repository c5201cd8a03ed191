import { overrideMethod } from "./override-method.ts";
import type { SocketMeter } from "./socket-meter.ts";
import { textOfMessage } from "./socket-text.ts";

const OPEN = 1;

export function isSocketOpen(socket: object): boolean {
  return Reflect.get(socket, "readyState") === OPEN;
}

/** Shows a meter what the app sends, and lets it keep some of it back. */
export function takeSends(socket: object, meter: SocketMeter): void {
  overrideMethod(socket, "send", (original, args) => {
    // A socket that is not open has answers of its own.
    if (!isSocketOpen(socket)) return original(args);
    const taken = meter.sending({
      text: textOfMessage(args[0]),
      send: () => void original(args),
      drop: () => tellSent(args.at(-1)),
    });
    return taken ? undefined : original(args);
  });
}

/** Some kinds of sockets take a callback, last. */
function tellSent(callback: unknown): void {
  if (typeof callback === "function") setTimeout(() => void callback(), 0);
}
