import { once } from "node:events";
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2,
  type Http2ServerRequest,
  Http2ServerResponse,
} from "node:http2";
import { text as readText } from "node:stream/consumers";
import { eventStreamMessage } from "@tollgate/testkit";
import { onTestFinished } from "vitest";

export interface BedrockReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | readonly Uint8Array[];
}

export interface BedrockServer {
  readonly url: string;
  readonly paths: string[];
}

type Reply = (path: string, body: string) => BedrockReply;

/** Bedrock on loopback, in clear text: HTTP/1.1, or HTTP/2 as the SDK speaks it by default. */
export async function startBedrock(version: 1 | 2, reply: Reply): Promise<BedrockServer> {
  const paths: string[] = [];
  const handle = async (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<void> => {
    const path = request.url ?? "";
    paths.push(path);
    const { status = 200, headers = {}, body } = reply(path, await readText(request));
    response.statusCode = status;
    const type =
      typeof body === "string" ? "application/json" : "application/vnd.amazon.eventstream";
    for (const [name, value] of Object.entries({ "content-type": type, ...headers })) {
      response.setHeader(name, value);
    }
    if (typeof body === "string") response.end(body);
    else {
      // Odd sizes: a message may come in pieces.
      const bytes = Buffer.concat(body);
      for (let at = 0; at < bytes.length; at += 37) {
        write(response, bytes.subarray(at, at + 37));
      }
      response.end();
    }
  };
  const listener = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => {
    handle(request, response).catch(() => response.end());
  };
  const server = version === 1 ? createHttp1(listener) : createHttp2(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}`, paths };
}

function write(response: ServerResponse | Http2ServerResponse, piece: Uint8Array): void {
  // Two classes with one method, in two shapes.
  if (response instanceof Http2ServerResponse) response.write(piece);
  else response.write(piece);
}

export function message(type: string, payload: object, kind?: "event" | "exception"): Uint8Array {
  return eventStreamMessage(type, JSON.stringify(payload), kind);
}

export function makerMessage(payload: object): Uint8Array {
  return message("chunk", { bytes: Buffer.from(JSON.stringify(payload)).toString("base64") });
}
