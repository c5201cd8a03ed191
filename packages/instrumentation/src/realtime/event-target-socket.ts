import type { RealtimeMeter } from "./realtime-meter.ts";
import { overrideMethod } from "./override-method.ts";
import { textOfMessage } from "./socket-text.ts";
import { isSocketOpen, takeSends } from "./take-sends.ts";

/**
 * Meters a socket as the web has them, such as the runtime's own: by listeners of its own, the first ones.
 *
 * @param url - as given to the constructor.
 */
export function watchEventTarget(meter: RealtimeMeter, socket: object, url: unknown): void {
  const matched = meter.match(url);
  if (matched === undefined || !(socket instanceof EventTarget)) return;
  const opened = meter.open(socket, matched, {
    isOpen: () => isSocketOpen(socket),
    deliver: (data) => void socket.dispatchEvent(new MessageEvent("message", { data })),
  });
  if (opened === undefined) return;
  socket.addEventListener("message", (event) => {
    const text = "data" in event ? textOfMessage(event.data) : undefined;
    if (text !== undefined) opened.received(text);
  });
  socket.addEventListener("close", (event) => {
    opened.closed("code" in event && typeof event.code === "number" ? event.code : 0);
  });
  takeSends(socket, opened);
  overrideMethod(socket, "close", (original, args) => {
    opened.closing();
    return original(args);
  });
}
