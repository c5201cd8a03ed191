import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { refuse, type Refused } from "../answer.ts";
import type { ReceiverLimits } from "../limits.ts";
import type { Ticket } from "../queue.ts";

export type Encoding = "identity" | "gzip" | "deflate";

/** @returns `undefined` for an encoding that is not read */
export function encodingOf(header: string | undefined): Encoding | undefined {
  const name = (header ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") return "identity";
  return name === "gzip" || name === "deflate" ? name : undefined;
}

/** `gone`: the sender left. */
export type Body = Buffer | Refused | "gone";

export interface ReadOptions {
  readonly encoding: Encoding;
  readonly ticket: Ticket;
  readonly limits: ReceiverLimits;
  /** What is answered when the queue has no room for more of the body. */
  readonly full: Refused;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads a body, and decompresses it as it comes: neither goes on beyond its limit or the room in the queue. What is
 * left of a refused body stays unread.
 */
export function readBody(request: IncomingMessage, options: ReadOptions): Promise<Body> {
  const { encoding, ticket, limits, full } = options;
  // It may have left while someone looked up who it is; nothing more would be heard of it.
  if (request.destroyed && !request.complete) return Promise.resolve("gone");
  const inflate = createDecompression(encoding);
  const output: Readable = inflate ?? request;
  const chunks: Buffer[] = [];
  let sentBytes = 0;
  let bytes = 0;

  const { promise, resolve } = Promise.withResolvers<Body>();
  const timer = setTimeout(() => {
    end(refuse("too_slow", `the body took longer than ${limits.bodyMs} ms`));
  }, limits.bodyMs);

  function end(body: Body): void {
    clearTimeout(timer);
    request.off("data", onSent).off("close", onClose).off("error", onClose);
    output.off("data", onData).off("end", onEnd);
    if (inflate !== undefined) {
      request.unpipe(inflate);
      inflate.destroy();
    }
    if (!request.complete) request.pause();
    resolve(body);
  }
  function onSent(chunk: Buffer): void {
    sentBytes += chunk.length;
    if (sentBytes > limits.bodyBytes) {
      end(refuse("too_large", `a body may have ${limits.bodyBytes} bytes`));
    } else if (!ticket.hold(sentBytes + (inflate === undefined ? 0 : bytes))) end(full);
  }
  function onData(chunk: Buffer): void {
    bytes += chunk.length;
    chunks.push(chunk);
    if (inflate === undefined) return;
    if (bytes > limits.decompressedBytes) {
      const limit = `a body may have ${limits.decompressedBytes} bytes when decompressed`;
      end(refuse("too_large", limit));
    } else if (!ticket.hold(sentBytes + bytes)) end(full);
  }
  function onEnd(): void {
    end(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
  }
  function onClose(): void {
    if (!request.complete) end("gone");
  }

  request.on("data", onSent).on("close", onClose).on("error", onClose);
  output.on("data", onData).on("end", onEnd);
  if (inflate !== undefined) {
    inflate.on("error", (error) => {
      end(refuse("undecodable", `the body is not ${encoding}: ${error.message}`));
    });
    request.pipe(inflate);
  }
  return promise;
}

function createDecompression(encoding: Encoding): Transform | undefined {
  if (encoding === "gzip") return createGunzip({ chunkSize: CHUNK_BYTES });
  return encoding === "deflate" ? createInflate({ chunkSize: CHUNK_BYTES }) : undefined;
}

/**
 * Reads the rest of a refused body and throws it away, so that the sender gets the answer and may keep its connection. Cuts
 * the connection when that takes too long.
 */
export function dropTheRest(request: IncomingMessage, lingerMs: number): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, lingerMs);
  timer.unref();
  request.once("end", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
  // Node does this by itself only for a body that nobody began to read.
  request.resume();
}
