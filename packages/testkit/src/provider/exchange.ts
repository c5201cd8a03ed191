import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import { createServer, type Server, type Socket } from "node:net";

/** A request and the way back, in either version of HTTP. */
export interface Exchange {
  readonly request: IncomingMessage | Http2ServerRequest;
  readonly response: AnyResponse;
  /** Sends status and headers before there is a body. */
  sendHead(): void;
  /** Calls back when it is over, with whether all of the response was sent. */
  onClose(listener: (whole: boolean) => void): void;
  /** Loses the connection. */
  drop(): void;
}

/** What both versions' responses have. */
interface AnyResponse {
  statusCode: number;
  setHeader(name: string, value: string | number): unknown;
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
  end(): unknown;
  on(event: "error", listener: () => void): unknown;
}

export interface ProviderServer {
  readonly url: string;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** How HTTP/2 begins where it is known beforehand. Source: RFC 9113, section 3.4. */
const HTTP2_PREFACE_START = "PRI";

/**
 * Listens on a free loopback port, in clear text: HTTP/1.1, and HTTP/2 for clients that begin with it, as
 * AWS's does.
 */
export async function startServer(handle: (exchange: Exchange) => void): Promise<ProviderServer> {
  const http1 = createHttp1((request, response) => handle(exchange1(request, response)));
  const http2 = createHttp2((request, response) => handle(exchange2(request, response)));
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client that goes before it has said anything.
    socket.on("error", () => undefined);
    socket.once("data", (start) => {
      socket.pause();
      socket.unshift(start);
      const isHttp2 = start.toString("latin1").startsWith(HTTP2_PREFACE_START);
      (isHttp2 ? http2 : http1).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  const url = await listen(server);
  return {
    url,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function exchange1(request: IncomingMessage, response: ServerResponse): Exchange {
  return {
    request,
    response,
    sendHead: () => response.flushHeaders(),
    onClose: (listener) => response.once("close", () => listener(response.writableFinished)),
    drop: () => void response.destroy(),
  };
}

function exchange2(request: Http2ServerRequest, response: Http2ServerResponse): Exchange {
  const { stream } = response;
  return {
    request,
    response,
    sendHead: () => void response.writeHead(response.statusCode),
    onClose: (listener) => stream.once("close", () => listener(stream.writableFinished)),
    drop: () => stream.session?.destroy(),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no address to listen on");
  return `http://127.0.0.1:${address.port}`;
}
