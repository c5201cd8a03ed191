import { InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import { watchEventTarget } from "../realtime/event-target-socket.ts";
import type { RealtimeMeter } from "../realtime/realtime-meter.ts";
import { createSocketClasses, isSocketClass } from "../realtime/socket-class.ts";
import { watchWsSocket } from "./ws-socket.ts";
import { UNDICI, WS } from "./module-names.ts";

export interface SocketModule {
  readonly name: string;
  readonly versions: string[];
  /** Members that are the class; a CommonJS module may also be the class itself. */
  readonly exportNames: readonly string[];
  watch(meter: RealtimeMeter, socket: object, url: unknown): void;
}

/** The sockets of nearly all clients for Node: openai, `@openai/agents`, LangChain. */
export const wsModule: SocketModule = {
  name: WS,
  versions: [">=8.0.0 <9"],
  exportNames: ["WebSocket", "default"],
  watch: watchWsSocket,
};

export const undiciSocketModule: SocketModule = {
  name: UNDICI,
  versions: [">=5.15.0 <9"],
  exportNames: ["WebSocket"],
  watch: watchEventTarget,
};

/**
 * Meters model calls on the sockets of a module, for `require` and `import` alike.
 *
 * @param meter - asked at the first socket: hooks are made before there is one.
 */
export function createSocketModuleHook(
  module: SocketModule,
  meter: () => CallMeter,
): InstrumentationNodeModuleDefinition {
  const classes = createSocketClasses((socket, url) => module.watch(meter().realtime, socket, url));

  const patch = (exports: unknown): unknown => {
    classes.restart();
    if (isSocketClass(exports)) return classes.wrap(exports);
    if (typeof exports !== "object" || exports === null) return exports;
    for (const name of module.exportNames) {
      const original: unknown = Reflect.get(exports, name);
      if (isSocketClass(original)) Reflect.set(exports, name, classes.wrap(original));
    }
    return exports;
  };

  return new InstrumentationNodeModuleDefinition(module.name, module.versions, patch, () =>
    classes.stop(),
  );
}
