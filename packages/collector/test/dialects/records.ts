import type { Attributes, LogRecord, Origin, PointRecord, SpanRecord } from "../../src/index.ts";

export const START_MS: number = Date.UTC(2026, 10, 29, 12);

export function origin(scopeName = "", resource: Attributes = {}): Origin {
  return { resource, scopeName, scopeVersion: "", scope: {} };
}

/** A span of one second. */
export function span(attributes: Attributes, more: Partial<SpanRecord> = {}): SpanRecord {
  return {
    origin: origin(),
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: undefined,
    name: "span",
    kind: 3,
    startMs: START_MS,
    endMs: START_MS + 1_000,
    attributes,
    events: [],
    statusCode: 0,
    statusMessage: "",
    ...more,
  };
}

export function log(attributes: Attributes, more: Partial<LogRecord> = {}): LogRecord {
  return {
    origin: origin(),
    timeMs: START_MS,
    eventName: undefined,
    body: undefined,
    attributes,
    traceId: undefined,
    spanId: undefined,
    ...more,
  };
}

export function point(
  metric: string,
  attributes: Attributes,
  more: Partial<PointRecord> = {},
): PointRecord {
  return {
    origin: origin(),
    metric,
    unit: "",
    kind: "sum",
    temporality: "cumulative",
    monotonic: true,
    attributes,
    startMs: START_MS - 60_000,
    timeMs: START_MS,
    value: 0,
    count: undefined,
    ...more,
  };
}
