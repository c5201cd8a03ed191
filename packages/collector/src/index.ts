export { createDecoder } from "./otlp/decoder.ts";
export type { Decoded, Decoder, DecoderOptions, OtlpFormat, OtlpSignal } from "./otlp/decoder.ts";
export { DEFAULT_DECODE_LIMITS } from "./otlp/limits.ts";
export type { DecodeLimits } from "./otlp/limits.ts";
export { createAttributor } from "./attribution/attributor.ts";
export type { Attributed, Attributor } from "./attribution/attributor.ts";
export { DEFAULT_RULES } from "./attribution/default-rules.ts";
export type {
  AttributeNames,
  Dialect,
  DialectField,
  Sighting,
  Signal,
} from "./dialects/dialect.ts";
export { DIALECTS, dialectOfLog, dialectOfPoint, dialectOfSpan } from "./dialects/index.ts";
export { readsAttribute } from "./dialects/reads-attribute.ts";
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
export { createSeriesAmounts } from "./series/series-amounts.ts";
export type {
  SeriesAmount,
  SeriesAmounts,
  SeriesAmountsOptions,
  SeriesChanges,
  SeriesSnapshot,
  SeriesState,
} from "./series/series-amounts.ts";
export { startCollector } from "./start-collector.ts";
export type { CollectorOptions, RunningCollector } from "./start-collector.ts";
export { openLocalMcp } from "./mcp/open-local-mcp.ts";
export type { LocalMcp } from "./mcp/open-local-mcp.ts";
