import type { Meter } from "@opentelemetry/api";
import type { Server } from "@grpc/grpc-js";
import type { FastifyPluginAsync } from "fastify";
import { createDecoder } from "../otlp/decoder.ts";
import { ANONYMOUS, type Authenticate } from "./caller.ts";
import { createGate } from "./gate.ts";
import { createHttpPlugin } from "./http/plugin.ts";
import { createIntake } from "./intake.ts";
import { completeLimits, type ReceiverLimits } from "./limits.ts";
import { createQueue } from "./queue.ts";
import type { Take } from "./take.ts";
import { createReceiverTelemetry } from "./telemetry.ts";

export interface OtlpReceiverOptions {
  /** Where batches go. */
  readonly take: Take;
  /** @defaultValue those of `DEFAULT_RECEIVER_LIMITS` */
  readonly limits?: Partial<ReceiverLimits> | undefined;
  /**
   * Who sends; asked before a body is read.
   *
   * @defaultValue everyone is `ANONYMOUS`
   */
  readonly authenticate?: Authenticate | undefined;
  /**
   * Whether anyone reads the attribute of that name on a span, event or log record; those that no one reads never
   * become text. Must always answer the same for a name.
   *
   * @defaultValue every one
   */
  readonly wants?: ((name: string) => boolean) | undefined;
  /** Where the receiver counts what it does (`tollgate.collector.*`). @defaultValue nowhere */
  readonly meter?: Meter | undefined;
}

export interface OtlpReceiver {
  /** OTLP/HTTP, for a Fastify server; it drains before that server closes. */
  readonly http: FastifyPluginAsync;
  /**
   * Opens OTLP/gRPC, without TLS, on a port of its own.
   *
   * @param port - 0 for any free one
   * @returns the port
   */
  listenGrpc(port: number, host?: string): Promise<number>;
  /**
   * Takes nothing more (senders are told to come again, elsewhere or later), answers what is under way, and closes gRPC.
   *
   * @param giveUp - when it aborts, what is still under way stays unanswered; asking again waits for the first time
   */
  drain(giveUp?: AbortSignal): Promise<void>;
}

/**
 * Takes OTLP over HTTP and gRPC, and answers when what it brought is taken.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` for limits that cannot be kept
 */
export function createOtlpReceiver(options: OtlpReceiverOptions): OtlpReceiver {
  const { take, wants, meter } = options;
  const { authenticate = () => ({ known: true, caller: ANONYMOUS }) } = options;
  const limits = completeLimits(options.limits);
  const queue = createQueue(limits);
  const telemetry = createReceiverTelemetry(meter, queue);
  const gate = createGate(authenticate, queue, limits);
  const decoder = createDecoder({ limits, wants });
  const intake = createIntake({ decoder, take, limits, telemetry });
  const parts = { gate, queue, intake, telemetry, limits };
  const grpcServers: Server[] = [];

  let draining: Promise<void> | undefined;
  async function drain(giveUp: AbortSignal | undefined): Promise<void> {
    gate.close();
    await settled(queue.whenEmpty(), giveUp);
    await Promise.all(grpcServers.splice(0).map((server) => closeGrpc(server, giveUp)));
  }

  return {
    http: createHttpPlugin({ ...parts, drain: () => (draining ??= drain(undefined)) }),
    async listenGrpc(port, host = "127.0.0.1") {
      // Who takes HTTP only need not load it.
      const { createGrpcServer, listen } = await import("./grpc/server.ts");
      const server = createGrpcServer(parts);
      const bound = await listen(server, host, port);
      grpcServers.push(server);
      return bound;
    },
    drain: (giveUp) => (draining ??= drain(giveUp)),
  };
}

/** Resolves when `work` does, or when nobody waits for it any longer. */
async function settled(work: Promise<void>, giveUp: AbortSignal | undefined): Promise<void> {
  if (giveUp === undefined) return work;
  if (giveUp.aborted) return;
  await Promise.race([
    work,
    new Promise((resolve) => {
      giveUp.addEventListener("abort", resolve, { once: true });
    }),
  ]);
}

async function closeGrpc(server: Server, giveUp: AbortSignal | undefined): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.tryShutdown(() => resolve());
  });
  await settled(closed, giveUp);
  server.forceShutdown();
}
