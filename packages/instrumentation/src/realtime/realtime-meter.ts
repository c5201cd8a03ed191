import { matchRealtime, type Endpoint, type MatchedRealtime } from "@tollgate/wire";
import type { Toll } from "../call/call.ts";
import { processWideMap } from "../agents/process-wide.ts";
import { createSocketMeter, type SocketMeter, type SocketPort } from "./socket-meter.ts";

/** Meters the WebSockets that carry model calls. */
export interface RealtimeMeter {
  /** Whether a new socket is such a one, by its URL. */
  match(url: unknown): MatchedRealtime | undefined;
  /**
   * Begins with a socket that was just constructed, in the context of its construction.
   *
   * @returns `undefined` when another copy of this package meters it already.
   */
  open(socket: object, matched: MatchedRealtime, port: SocketPort): SocketMeter | undefined;
}

export interface RealtimeMeterOptions {
  readonly toll: Toll;
  readonly followMeter: () => void;
  readonly endpoints: readonly Endpoint[] | undefined;
}

const METERED_SOCKETS = Symbol.for("tollgate.realtime.sockets.v1");

export function createRealtimeMeter(options: RealtimeMeterOptions): RealtimeMeter {
  const { toll, followMeter, endpoints } = options;
  return {
    match: (url) =>
      typeof url === "string" || url instanceof URL ? matchRealtime(url, endpoints) : undefined,
    open(socket, matched, port) {
      const metered = processWideMap<true>(METERED_SOCKETS);
      if (metered.has(socket)) return undefined;
      metered.set(socket, true);
      return createSocketMeter({ toll, followMeter, matched, port });
    },
  };
}
