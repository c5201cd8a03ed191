import {
  compressionAlgorithms,
  Client,
  credentials,
  Metadata,
  status,
  type ServiceError,
} from "@grpc/grpc-js";
import { onTestFinished } from "vitest";

export interface GrpcOutcome {
  readonly response?: Buffer | undefined;
  readonly code: status;
  readonly details?: string;
  /** `grpc-status-details-bin`: a google.rpc.Status. */
  readonly statusDetails?: Buffer | undefined;
}

export type SendGrpc = (
  message: Buffer,
  headers?: Record<string, string>,
  service?: string,
) => Promise<GrpcOutcome>;

/** Sends messages as they are, compressed, and never again. */
export function createGrpcSender(port: number): SendGrpc {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
    "grpc.enable_retries": 0,
  });
  onTestFinished(() => client.close());
  return (
    message,
    headers = {},
    service = "opentelemetry.proto.collector.trace.v1.TraceService",
  ) => {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        `/${service}/Export`,
        asItIs,
        asItIs,
        message,
        metadata,
        (error: ServiceError | null, response?: Buffer) => {
          resolve(error === null ? { response, code: status.OK } : describeError(error));
        },
      );
    });
  };
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

function describeError({ code, details, metadata }: ServiceError): GrpcOutcome {
  const [binary] = metadata.get("grpc-status-details-bin");
  return { code, details, statusDetails: Buffer.isBuffer(binary) ? binary : undefined };
}
