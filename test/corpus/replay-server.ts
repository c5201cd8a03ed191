import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { responseBytes, type CorpusCase } from "./corpus-case.ts";

/** Sends a request to wherever the recorded answer is. */
export type ReplayFetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ReplayServer extends AsyncDisposable {
  /** A fetch that gets this exchange's recorded answer over a socket, whatever URL it is given. */
  fetchFor(exchange: CorpusCase): ReplayFetch;
}

/** Belongs to one connection or to the recording's own encoding, which is undone. */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Few enough that a long answer is not slow, odd enough to cut lines, escapes and characters. */
const CHUNK_BYTES = [1, 7, 113, 2, 1021, 3, 64, 4099, 31, 16_381];

/** A loopback HTTP server that answers with recorded exchanges, cut into chunks of odd sizes. */
export async function startReplayServer(): Promise<ReplayServer> {
  const exchanges: CorpusCase[] = [];
  const server = createServer((request, response) => {
    const exchange = exchanges[Number(request.url?.slice(1))];
    answer(request, response, exchange).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    fetchFor(exchange) {
      const index = exchanges.push(exchange) - 1;
      return (_url, init) => fetch(`http://127.0.0.1:${address.port}/${index}`, init);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A recorded request's or answer's headers without what belongs to its connection. */
export function endToEndHeaders(
  headers: Readonly<Record<string, string>>,
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(headers).filter(([name]) => !TRANSPORT_HEADERS.has(name.toLowerCase()));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: CorpusCase | undefined,
): Promise<void> {
  // Read to its end before the answer starts, as most servers do.
  await request.toArray();
  if (exchange === undefined) throw new Error(`nothing is recorded at ${request.url}`);
  for (const [name, value] of endToEndHeaders(exchange.response.headers)) {
    response.setHeader(name, value);
  }
  response.writeHead(exchange.response.status);
  const bytes = responseBytes(exchange);
  for (let at = 0, turn = exchange.id.length; at < bytes.length; turn++) {
    const size = CHUNK_BYTES[turn % CHUNK_BYTES.length] ?? 1;
    response.write(bytes.subarray(at, at + size));
    at += size;
    await setImmediate();
  }
  response.end();
}
