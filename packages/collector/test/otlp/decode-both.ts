import { encodeOtlp } from "@tollgate/testkit";
import {
  createDecoder,
  type Decoded,
  type DecoderOptions,
  type LogRecord,
  type Origin,
  type OtlpFormat,
  type OtlpSignal,
  type PointRecord,
  type SpanRecord,
} from "../../src/index.ts";

export const FORMATS: readonly OtlpFormat[] = ["json", "protobuf"];

export const TRACE_ID = "0123456789abcdef0123456789abcdef";
export const SPAN_ID = "fedcba9876543210";

export function bytesOf(signal: OtlpSignal, format: OtlpFormat, request: object): Buffer {
  return format === "json" ? Buffer.from(JSON.stringify(request)) : encodeOtlp(signal, request);
}

export type Readable = Extract<Decoded, { readable: true }>;

export function decode(
  signal: OtlpSignal,
  format: OtlpFormat,
  request: object,
  options?: DecoderOptions,
): Readable {
  const decoded = createDecoder(options).decode(signal, format, bytesOf(signal, format, request));
  if (!decoded.readable) throw new Error(decoded.reason);
  return decoded;
}

export function spansOf({ batch }: Readable): readonly SpanRecord[] {
  if (batch.signal !== "traces") throw new Error(`a batch of ${batch.signal}`);
  return batch.records;
}

export function logsOf({ batch }: Readable): readonly LogRecord[] {
  if (batch.signal !== "logs") throw new Error(`a batch of ${batch.signal}`);
  return batch.records;
}

export function pointsOf({ batch }: Readable): readonly PointRecord[] {
  if (batch.signal !== "metrics") throw new Error(`a batch of ${batch.signal}`);
  return batch.records;
}

/** An export of one span with these fields besides its ids. */
export function spanRequest(fields: object, ...more: object[]): object {
  const spans = [fields, ...more].map((each) => ({ traceId: TRACE_ID, spanId: SPAN_ID, ...each }));
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

export function logRequest(...logRecords: object[]): object {
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

export function metricRequest(...metrics: object[]): object {
  return { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] };
}

/** A block's resource and scope as they are sent. */
export const RESOURCE: object = {
  attributes: [{ key: "service.name", value: { stringValue: "shop" } }],
};
/** The same as it is read. */
export const ORIGIN: Origin = {
  resource: { "service.name": "shop" },
  scopeName: "openai_v2",
  scopeVersion: "2.1",
  scope: { beta: true },
};
export const SCOPE: object = {
  name: "openai_v2",
  version: "2.1",
  attributes: [{ key: "beta", value: { boolValue: true } }],
};
