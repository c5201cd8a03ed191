export type { Dialect, DialectField, Sighting } from "./dialects/dialect.ts";
export { createDecoder } from "./otlp/decoder.ts";
export type { Decoded, Decoder, DecoderOptions, OtlpFormat, OtlpSignal } from "./otlp/decoder.ts";
export { DEFAULT_DECODE_LIMITS } from "./otlp/limits.ts";
export type { DecodeLimits } from "./otlp/limits.ts";
export type {
  Attributes,
  AttributeValue,
  LogRecord,
  Origin,
  OtlpBatch,
  PointRecord,
  SpanEvent,
  SpanRecord,
  Temporality,
} from "./otlp/records.ts";
export { ANONYMOUS } from "./receive/caller.ts";
export type { Authenticate, Authenticated, Caller, Presented } from "./receive/caller.ts";
export { createOtlpReceiver } from "./receive/create-otlp-receiver.ts";
export type { OtlpReceiver, OtlpReceiverOptions } from "./receive/create-otlp-receiver.ts";
export { DEFAULT_RECEIVER_LIMITS } from "./receive/limits.ts";
export type { ReceiverLimits } from "./receive/limits.ts";
export type { Take, Taken } from "./receive/take.ts";
