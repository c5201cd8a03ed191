import protobuf from "protobufjs/minimal.js";
import type { OtlpFormat, OtlpSignal } from "../otlp/decoder.ts";
import { ANSWER_CODES, type Answer, type Refused } from "./answer.ts";

/** How JSON names the rejected records; in protobuf all signals use the same field numbers. */
const REJECTED = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
} as const;

/** An `Export{Trace,Logs,Metrics}ServiceResponse`: empty when all was taken. */
export function exportResponse(
  signal: OtlpSignal,
  format: OtlpFormat,
  { rejected, reason }: Extract<Answer, { accepted: true }>,
): Buffer {
  const partial = rejected > 0 || reason !== "";
  if (format === "json") {
    const partialSuccess = { [REJECTED[signal]]: String(rejected), errorMessage: reason };
    return Buffer.from(JSON.stringify(partial ? { partialSuccess } : {}));
  }
  const writer = protobuf.Writer.create();
  if (partial) {
    writer.uint32((1 << 3) | 2).fork();
    if (rejected > 0) writer.uint32(1 << 3).int64(rejected);
    if (reason !== "") writer.uint32((2 << 3) | 2).string(reason);
    writer.ldelim();
  }
  return Buffer.from(writer.finish());
}

/** A `google.rpc.Status`, of which OTLP wants the message; a wait is a `google.rpc.RetryInfo` in its details. */
export function rpcStatus(format: OtlpFormat, { refusal, reason, retryAfterMs }: Refused): Buffer {
  const code = ANSWER_CODES[refusal].grpc;
  if (format === "json") return Buffer.from(JSON.stringify({ code, message: reason }));
  const writer = protobuf.Writer.create();
  writer.uint32(1 << 3).int32(code);
  writer.uint32((2 << 3) | 2).string(reason);
  if (retryAfterMs !== undefined) {
    writer.uint32((3 << 3) | 2).fork();
    writer.uint32((1 << 3) | 2).string("type.googleapis.com/google.rpc.RetryInfo");
    writer.uint32((2 << 3) | 2).fork();
    writer.uint32((1 << 3) | 2).fork();
    writer.uint32(1 << 3).int64(Math.floor(retryAfterMs / 1000));
    writer.uint32(2 << 3).int32(Math.round(retryAfterMs % 1000) * 1_000_000);
    writer.ldelim().ldelim().ldelim();
  }
  return Buffer.from(writer.finish());
}
