export { createAttributor } from "./attribution/attributor.ts";
export type { Attributed, Attributor } from "./attribution/attributor.ts";
export { DEFAULT_RULES } from "./attribution/default-rules.ts";
export type {
  AttributionConfig,
  AttributionInput,
  AttributionRule,
  CopyRule,
  RuleConditions,
  RuleTarget,
  SetRule,
} from "./attribution/rules.ts";
export { attributionSchema } from "./attribution/rules-schema.ts";
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
export { createSeriesAmounts } from "./series/series-amounts.ts";
export type {
  SeriesAmount,
  SeriesAmounts,
  SeriesAmountsOptions,
  SeriesChanges,
  SeriesSnapshot,
  SeriesState,
} from "./series/series-amounts.ts";
