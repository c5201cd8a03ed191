import { otlpMessage } from "./otlp-schema.ts";

type Signal = "traces" | "logs" | "metrics";

/**
 * An export request as OTLP's protobuf, by a library that knows the messages and shares no code with what reads them.
 *
 * @param request - as in OTLP's JSON: ids in hex, bytes in base64, 64-bit integers as decimal text, NaN and infinite doubles
 *   as text
 */
export function encodeOtlp(signal: Signal, request: object): Buffer {
  const message = otlpMessage(signal);
  return Buffer.from(message.encode(message.fromObject(asMessage(request))).finish());
}

/** The plain decoding of that library into message objects. */
export function decodeOtlp(signal: Signal, bytes: Uint8Array): object {
  return otlpMessage(signal).decode(bytes);
}

const IDS: ReadonlySet<string> = new Set(["traceId", "spanId", "parentSpanId"]);

function asMessage(object: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, asField(key, value)]),
  );
}

function asField(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => asField(key, each));
  if (typeof value === "object" && value !== null) return asMessage(value);
  if (IDS.has(key)) return Buffer.from(String(value), "hex");
  return key === "doubleValue" || key === "asDouble" || key === "sum" ? Number(value) : value;
}
