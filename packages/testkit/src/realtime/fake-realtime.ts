import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { openConnection, type RealtimeConnection } from "./realtime-connection.ts";
import type { RealtimeScript } from "./realtime-script.ts";

export interface FakeRealtimeOptions {
  /** A certificate in PEM, for clients that insist on `wss:`. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** For responses that the queue has nothing for. @defaultValue a short answer */
  readonly script?: RealtimeScript;
}

/** OpenAI's Realtime API on loopback. */
export interface FakeRealtime {
  /** Such as `ws://127.0.0.1:40001/v1/realtime`, to be given a `?model=`. */
  readonly url: string;
  /** What the `baseURL` of OpenAI's SDK takes. */
  readonly baseUrl: string;
  /** Every socket so far, in order of arrival. */
  readonly connections: readonly RealtimeConnection[];
  /** The next socket to open. */
  nextConnection(): Promise<RealtimeConnection>;
  /** Scripts for the next responses, of whatever socket. */
  enqueue(...scripts: readonly RealtimeScript[]): void;
  /** Stops listening and drops every socket. */
  close(): Promise<void>;
}

/**
 * Starts a server that holds realtime sessions as the real one does: session, items, text and spoken
 * responses in their pieces, function calls, cancels, errors, transcription and usage. It hears
 * nothing: {@link RealtimeConnection.speak} says that somebody has spoken.
 *
 * Ids are counted for each socket, so that two runs of one conversation are equal.
 */
export async function startFakeRealtime(options: FakeRealtimeOptions = {}): Promise<FakeRealtime> {
  const { tls, script = {} } = options;
  const queue: RealtimeScript[] = [];
  const connections: RealtimeConnection[] = [];
  const waiting: ((connection: RealtimeConnection) => void)[] = [];
  const server = tls === undefined ? createHttpServer() : createHttpsServer({ ...tls });
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered) => (offered.has("realtime") ? "realtime" : false),
  });
  sockets.on("connection", (socket, request: IncomingMessage) => {
    socket.on("error", () => undefined);
    const connection = openConnection({
      socket,
      path: request.url ?? "",
      headers: headersOf(request),
      nextScript: () => queue.shift() ?? script,
    });
    connections.push(connection);
    waiting.shift()?.(connection);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = addressOf(server.address());
  const host = `127.0.0.1:${port}/v1`;
  return {
    url: `${tls === undefined ? "ws" : "wss"}://${host}/realtime`,
    baseUrl: `${tls === undefined ? "http" : "https"}://${host}`,
    connections,
    nextConnection: () => new Promise((resolve) => waiting.push(resolve)),
    enqueue: (...scripts) => void queue.push(...scripts),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address !== "object" || address === null) throw new Error("no address to listen on");
  return address;
}
