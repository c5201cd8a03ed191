import {
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServiceDefinition,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerErrorResponse,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { diag } from "@opentelemetry/api";
import type { OtlpSignal } from "../../otlp/decoder.ts";
import { ANSWER_CODES, outcomeOf, refuse, type Answer, type Refused } from "../answer.ts";
import { exportResponse, rpcStatus } from "../answer-bytes.ts";
import type { Caller, Presented } from "../caller.ts";
import type { Gate } from "../gate.ts";
import type { Intake } from "../intake.ts";
import type { ReceiverLimits } from "../limits.ts";
import type { Queue } from "../queue.ts";
import type { ReceiverTelemetry } from "../telemetry.ts";

/** Names of opentelemetry-proto's `collector` packages. */
const SERVICES: readonly (readonly [signal: OtlpSignal, service: string])[] = [
  ["traces", "opentelemetry.proto.collector.trace.v1.TraceService"],
  ["logs", "opentelemetry.proto.collector.logs.v1.LogsService"],
  ["metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService"],
];

/** Of one connection; each may bring a message of `bodyBytes` before it counts in the queue. */
const CONCURRENT_STREAMS = 64;

export interface GrpcParts {
  readonly gate: Gate;
  readonly queue: Queue;
  readonly intake: Intake;
  readonly telemetry: ReceiverTelemetry;
  readonly limits: ReceiverLimits;
}

/** OTLP/gRPC: the three export services, whose messages are decoded as HTTP's bodies are. */
export function createGrpcServer(parts: GrpcParts): Server {
  const callers = new WeakMap<Metadata, Caller>();
  const server = new Server({
    "grpc.max_receive_message_length": parts.limits.bodyBytes,
    "grpc.max_concurrent_streams": CONCURRENT_STREAMS,
    interceptors: [createDoor(parts, callers)],
  });
  for (const [signal, service] of SERVICES) {
    server.addService(defineService(service), { Export: handler(parts, callers, signal) });
  }
  return server;
}

/** Sends senders away before their message is read. */
function createDoor(
  { gate, queue, telemetry }: GrpcParts,
  callers: WeakMap<Metadata, Caller>,
): ServerInterceptor {
  return ({ path }, call) => {
    const signal = SERVICES.find(([, service]) => path.includes(service))?.[0] ?? "traces";
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, proceed) {
            void open(metadata, () => proceed(metadata));
          },
        });
      },
    });

    async function open(metadata: Metadata, proceed: () => void): Promise<void> {
      const refused = await identify(metadata);
      if (refused === undefined) {
        proceed();
        return;
      }
      telemetry.answered(signal, "grpc", refused.refusal);
      call.sendStatus(statusOf(refused));
    }

    async function identify(metadata: Metadata): Promise<Refused | undefined> {
      const closed = gate.closed();
      if (closed !== undefined) return closed;
      const caller = await gate.identify(presentedBy(metadata, call.getPeer()));
      if ("refusal" in caller) return caller;
      callers.set(metadata, caller);
      return queue.hasRoom(caller.id, 0) ? undefined : gate.full;
    }
  };
}

function handler(
  { gate, queue, intake, telemetry, limits }: GrpcParts,
  callers: WeakMap<Metadata, Caller>,
  signal: OtlpSignal,
): handleUnaryCall<Buffer, Buffer> {
  async function answerTo(metadata: Metadata, body: Buffer): Promise<Answer> {
    const caller = callers.get(metadata);
    // The door lets no one in whom it does not know.
    if (caller === undefined) return gate.full;
    const ticket = queue.admit(caller.id, body.length);
    if (ticket === undefined) return gate.full;
    try {
      return await intake({ signal, format: "protobuf", protocol: "grpc", body, caller });
    } finally {
      ticket.release();
    }
  }

  async function answer(
    { metadata, request }: ServerUnaryCall<Buffer, Buffer>,
    respond: sendUnaryData<Buffer>,
  ): Promise<void> {
    const given = await answerTo(metadata, request).catch((error: unknown): Answer => {
      diag.error("tollgate: a request could not be handled", error);
      return refuse("unavailable", "the collector failed", limits.retryAfterMs);
    });
    telemetry.answered(signal, "grpc", outcomeOf(given));
    if (given.accepted) respond(null, exportResponse(signal, "protobuf", given));
    else respond(statusOf(given));
  }

  return (call, respond) => void answer(call, respond);
}

function statusOf(refused: Refused): ServerErrorResponse & { code: number; details: string } {
  const metadata = new Metadata();
  if (refused.retryAfterMs !== undefined) {
    // Where gRPC's rich error model keeps a google.rpc.Status.
    metadata.set("grpc-status-details-bin", rpcStatus("protobuf", refused));
  }
  return {
    name: refused.refusal,
    message: refused.reason,
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the table serves HTTP too, which does not load gRPC
    code: ANSWER_CODES[refused.refusal].grpc,
    details: refused.reason,
    metadata,
  };
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

function defineService(service: string): ServiceDefinition {
  return {
    Export: {
      path: `/${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  };
}

function presentedBy(metadata: Metadata, peer: string): Presented {
  return {
    header(name) {
      const [value] = metadata.get(name);
      return typeof value === "string" ? value : value?.toString();
    },
    peer,
  };
}

/** Listens without TLS. @returns the port, which is another one when 0 was asked for */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(
      `${host.includes(":") ? `[${host}]` : host}:${port}`,
      ServerCredentials.createInsecure(),
      (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      },
    );
  });
}
