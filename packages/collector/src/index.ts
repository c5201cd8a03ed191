export type { Dialect, DialectField, Sighting } from "./dialects/dialect.ts";
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
