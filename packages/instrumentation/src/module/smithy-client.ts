import { Readable } from "node:stream";
import type { ClientKind } from "../call/client-kind.ts";
import type { BodySink } from "../tap/body-sink.ts";
import { tapReadable } from "../tap/tap-readable.ts";
import { tapStream } from "../tap/tap-stream.ts";
import { rememberSink } from "./smithy-output.ts";

/** What the last middleware of an AWS client hands to its HTTP handler, as far as we look at it. */
export interface SmithyCall {
  readonly request: {
    readonly method: string;
    readonly protocol?: string;
    readonly hostname: string;
    readonly port?: number | undefined;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly body?: unknown;
  };
}

export interface SmithyResult {
  /** What the app gets; only above the deserializer. */
  readonly output?: unknown;
  readonly response: {
    readonly statusCode: number;
    readonly reason?: string | undefined;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body?: unknown;
  };
}

/** What is known of one command besides its request. */
export type SmithyContext = Readonly<Record<string, unknown>>;

export function isSmithyCall(args: unknown): args is SmithyCall {
  if (typeof args !== "object" || args === null || !("request" in args)) return false;
  const { request } = args;
  if (typeof request !== "object" || request === null) return false;
  return ["method", "hostname", "path"].every(
    (name) => typeof Reflect.get(request, name) === "string",
  );
}

/** AWS clients, between their signing and their HTTP handler: once for each physical attempt. */
export const smithyClient: ClientKind<SmithyCall, SmithyContext, SmithyResult> = {
  requests: {
    method: ({ request }) => request.method,
    url({ request: { protocol = "https:", hostname, port, path } }) {
      return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`;
    },
    body: ({ request }) => textOf(request.body),
    resendCount: ({ request }) => attemptsBefore(request.headers?.["amz-sdk-request"]),
    signal: (_, context) => signalIn(context),
  },
  answers: {
    status: ({ response }) => response.statusCode,
    header: ({ response }, name) => response.headers[name],
    tap: ({ response }, sink) => tapBody(response.body, sink),
    // The client's own deserializer makes its ordinary exception of it.
    refuse: ({ status, headers, body }) => ({
      response: {
        statusCode: status,
        reason: "Payment Required",
        headers,
        body: Readable.from([Buffer.from(body)]),
      },
    }),
  },
};

function tapBody(body: unknown, sink: BodySink): boolean {
  rememberSink(body, sink);
  if (!(body instanceof ReadableStream)) return tapReadable(body, sink);
  tapStream(body, sink);
  return true;
}

const decoder = new TextDecoder();

function textOf(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? decoder.decode(body) : undefined;
}

/** `attempt=2; max=3` */
function attemptsBefore(header: string | undefined): number | undefined {
  const attempt = /\battempt=(\d+)/.exec(header ?? "")?.[1];
  return attempt === undefined ? undefined : Math.max(0, Number(attempt) - 1);
}

function signalIn(context: SmithyContext): AbortSignal | undefined {
  const inner = context["__smithy_context"];
  if (typeof inner !== "object" || inner === null || !("abortSignal" in inner)) return undefined;
  return inner.abortSignal instanceof AbortSignal ? inner.abortSignal : undefined;
}
