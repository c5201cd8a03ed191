import fastify, { type FastifyInstance } from "fastify";
import { onTestFinished } from "vitest";
import {
  createOtlpReceiver,
  type Caller,
  type OtlpBatch,
  type OtlpReceiver,
  type OtlpReceiverOptions,
} from "../../src/index.ts";

export interface Received {
  readonly batch: OtlpBatch;
  readonly caller: Caller;
}

export interface StartedReceiver {
  readonly receiver: OtlpReceiver;
  readonly server: FastifyInstance;
  readonly url: string;
  readonly port: number;
  readonly grpcPort: number;
  /** What was taken, in order. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** A receiver on free ports, which keeps what it gets; closed when the test ends. */
export async function startReceiver(
  options: Partial<OtlpReceiverOptions> = {},
): Promise<StartedReceiver> {
  const received: Received[] = [];
  const receiver = createOtlpReceiver({
    take(batch, caller) {
      received.push({ batch, caller });
      return Promise.resolve({ outcome: "taken" });
    },
    ...options,
  });
  const server = fastify();
  await server.register(receiver.http);
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = new URL(server.listeningOrigin);
  const grpcPort = await receiver.listenGrpc(0);
  const close = async (): Promise<void> => {
    await receiver.drain(AbortSignal.abort());
    server.server.closeAllConnections();
    await server.close();
  };
  onTestFinished(close);
  return {
    receiver,
    server,
    url: `http://127.0.0.1:${port}`,
    port: Number(port),
    grpcPort,
    received,
    close,
  };
}
