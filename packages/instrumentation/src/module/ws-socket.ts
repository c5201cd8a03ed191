import { overrideMethod } from "../realtime/override-method.ts";
import type { RealtimeMeter } from "../realtime/realtime-meter.ts";
import { textOfMessage } from "../realtime/socket-text.ts";
import { isSocketOpen, takeSends } from "../realtime/take-sends.ts";

/**
 * Meters a socket of the `ws` package, which is an event emitter: by its `emit`, since apps count its
 * listeners and take all of them off.
 *
 * @param url - as given to the constructor.
 */
export function watchWsSocket(meter: RealtimeMeter, socket: object, url: unknown): void {
  const matched = meter.match(url);
  const emit: unknown = Reflect.get(socket, "emit");
  if (matched === undefined || typeof emit !== "function") return;
  const opened = meter.open(socket, matched, {
    isOpen: () => isSocketOpen(socket),
    deliver: (json) => void emit.call(socket, "message", Buffer.from(json), false),
  });
  if (opened === undefined) return;
  overrideMethod(socket, "emit", (original, args) => {
    const [name, first] = args;
    if (name === "message") {
      const text = textOfMessage(first);
      if (text !== undefined) opened.received(text);
    } else if (name === "close") {
      opened.closed(typeof first === "number" ? first : 0);
    }
    return original(args);
  });
  takeSends(socket, opened);
  for (const name of ["close", "terminate"]) {
    overrideMethod(socket, name, (original, args) => {
      // It also closes itself when the server does.
      if (Reflect.get(socket, "_closeFrameReceived") !== true) opened.closing();
      return original(args);
    });
  }
}
