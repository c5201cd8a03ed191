import Fastify, { type FastifyInstance } from "fastify";
import { TollgateError } from "@tollgate/core";

const MOST_BODY_BYTES = 4 * 1024 * 1024;
const MOST_HEADER_BYTES = 16 * 1024;
/** A sender of headers, byte by byte, is let go. */
const HEADERS_MS = 15_000;
/** Twice of what a body of OTLP may take. */
const REQUEST_MS = 60_000;
const LOOK_FOR_SLOW_MS = 5_000;
const KEEP_ALIVE_MS = 72_000;
/** An id of 256 characters, each of which may be escaped as three. */
const MOST_PARAMETER_LENGTH = 768;

/** A server that neither long nor slow requests wear out. */
export function createHttpServer(): FastifyInstance {
  const app = Fastify({
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: "idle",
    // Who comes while it closes is told by the receiver when to come again.
    return503OnClosing: false,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: MOST_PARAMETER_LENGTH },
    http: {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
    },
  });
  app.addHook("onRequest", async (_request, reply) => {
    void reply.header("x-content-type-options", "nosniff");
  });
  return app;
}

/** @returns the URL. @throws TollgateError `TOLLGATE_ADDRESS_UNAVAILABLE`. */
export async function listenHttp(
  app: FastifyInstance,
  host: string,
  port: number,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    throw unavailable(host, port, "--port", error);
  }
}

/** Why a server cannot listen. @param option - what chooses another port. */
export function unavailable(
  host: string,
  port: number,
  option: string,
  error: unknown,
): TollgateError {
  const message = error instanceof Error ? error.message : String(error);
  const why = message.includes("EADDRINUSE") ? "is taken" : `cannot be listened on (${message})`;
  return new TollgateError(
    "TOLLGATE_ADDRESS_UNAVAILABLE",
    `port ${port} of ${host} ${why}; choose another with ${option}`,
    { cause: error },
  );
}
