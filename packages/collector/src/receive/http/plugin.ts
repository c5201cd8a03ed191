import type { IncomingMessage } from "node:http";
import { diag } from "@opentelemetry/api";
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { OtlpFormat, OtlpSignal } from "../../otlp/decoder.ts";
import { ANSWER_CODES, outcomeOf, refuse, type Answer, type Refused } from "../answer.ts";
import { exportResponse, rpcStatus } from "../answer-bytes.ts";
import type { Presented } from "../caller.ts";
import type { Gate } from "../gate.ts";
import type { Intake } from "../intake.ts";
import type { ReceiverLimits } from "../limits.ts";
import type { Queue } from "../queue.ts";
import type { ReceiverTelemetry } from "../telemetry.ts";
import { encodingOf, dropTheRest, readBody } from "./read-body.ts";

const SIGNALS: readonly OtlpSignal[] = ["traces", "logs", "metrics"];

const CONTENT_TYPES: Readonly<Record<OtlpFormat, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

export interface HttpParts {
  readonly gate: Gate;
  readonly queue: Queue;
  readonly intake: Intake;
  readonly telemetry: ReceiverTelemetry;
  readonly limits: ReceiverLimits;
  /** Called before the server that has this plugin closes. */
  readonly drain: () => Promise<void>;
}

/** OTLP/HTTP as a Fastify plugin: `POST /v1/traces`, `/v1/logs` and `/v1/metrics`. */
export function createHttpPlugin(parts: HttpParts): FastifyPluginAsync {
  return async (server) => {
    // Bodies are read here: what Fastify reads is read whole before anyone can say that there is no room.
    server.removeAllContentTypeParsers();
    server.addContentTypeParser("*", (_request, _payload, done) => done(null));
    server.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error.statusCode === 415) {
        return send(reply, "json", refuse("unsupported", "the content type is none that is read"));
      }
      diag.error("tollgate: a request could not be handled", error);
      const { retryAfterMs } = parts.limits;
      return send(reply, "json", refuse("unavailable", "the collector failed", retryAfterMs));
    });
    server.addHook("preClose", parts.drain);
    for (const signal of SIGNALS) {
      const url = `/v1/${signal}`;
      server.post(url, (request, reply) => receive(parts, signal, request, reply));
      server.route({
        url,
        method: ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"],
        handler(request, reply) {
          parts.telemetry.answered(signal, "http", "method_not_allowed");
          dropTheRest(request.raw, parts.limits.lingerMs);
          void reply.header("allow", "POST");
          return send(reply, "json", refuse("method_not_allowed", `${url} takes POST only`));
        },
      });
    }
  };
}

async function receive(
  parts: HttpParts,
  signal: OtlpSignal,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const format = formatOf(request.headers["content-type"]);
  const answer = await answerTo(parts, signal, format, request);
  if (answer === "gone") {
    parts.telemetry.answered(signal, protocolOf(format), "gone");
    return reply.hijack();
  }
  parts.telemetry.answered(signal, protocolOf(format), outcomeOf(answer));
  dropTheRest(request.raw, parts.limits.lingerMs);
  if (!answer.accepted) return send(reply, format ?? "json", answer);
  void reply.code(200).header("content-type", CONTENT_TYPES[format ?? "json"]);
  return reply.send(exportResponse(signal, format ?? "json", answer));
}

async function answerTo(
  { gate, queue, intake, limits }: HttpParts,
  signal: OtlpSignal,
  format: OtlpFormat | undefined,
  request: FastifyRequest,
): Promise<Answer | "gone"> {
  const closed = gate.closed();
  if (closed !== undefined) return closed;
  const encoding = encodingOf(request.headers["content-encoding"]);
  if (format === undefined || encoding === undefined) {
    return refuse(
      "unsupported",
      "send application/x-protobuf or application/json, as it is, with gzip or with deflate",
    );
  }
  const announcedBytes = Number(request.headers["content-length"] ?? 0);
  if (announcedBytes > limits.bodyBytes) {
    return refuse("too_large", `a body may have ${limits.bodyBytes} bytes`);
  }
  const caller = await gate.identify(presentedBy(request.raw));
  if ("refusal" in caller) return caller;
  // It may have closed meanwhile.
  const ticket = gate.closed() ?? queue.admit(caller.id, announcedBytes) ?? gate.full;
  if ("refusal" in ticket) return ticket;
  try {
    const body = await readBody(request.raw, { encoding, ticket, limits, full: gate.full });
    if (!Buffer.isBuffer(body)) return body;
    return await intake({ signal, format, protocol: protocolOf(format), body, caller });
  } finally {
    ticket.release();
  }
}

function send(reply: FastifyReply, format: OtlpFormat, refused: Refused): FastifyReply {
  const { refusal, retryAfterMs } = refused;
  void reply.code(ANSWER_CODES[refusal].http).header("content-type", CONTENT_TYPES[format]);
  if (retryAfterMs !== undefined) void reply.header("retry-after", Math.ceil(retryAfterMs / 1000));
  if (refusal === "unauthenticated") void reply.header("www-authenticate", "Bearer");
  if (refusal === "unsupported") void reply.header("accept-encoding", "gzip, deflate, identity");
  return reply.send(rpcStatus(format, refused));
}

function formatOf(contentType: string | undefined): OtlpFormat | undefined {
  const [type = ""] = (contentType ?? "").split(";");
  const name = type.trim().toLowerCase();
  if (name === CONTENT_TYPES.protobuf) return "protobuf";
  return name === CONTENT_TYPES.json ? "json" : undefined;
}

function protocolOf(format: OtlpFormat): "http/protobuf" | "http/json";
function protocolOf(format: OtlpFormat | undefined): "http/protobuf" | "http/json" | "http";
function protocolOf(format: OtlpFormat | undefined): "http/protobuf" | "http/json" | "http" {
  return format === undefined ? "http" : (`http/${format}` as const);
}

function presentedBy({ headers, socket }: IncomingMessage): Presented {
  return {
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    peer: socket.remoteAddress ?? "",
  };
}
