import protobuf from "protobufjs";

/**
 * The messages of opentelemetry-proto 1.x as far as senders use them, `[number, type]` or `[number, type, "repeated"]`.
 * Source: the descriptors in PyPI's opentelemetry-proto 1.45.2.
 */
type Field = readonly [id: number, type: string, rule?: "repeated"];

const MESSAGES: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  AnyValue: {
    stringValue: [1, "string"],
    boolValue: [2, "bool"],
    intValue: [3, "int64"],
    doubleValue: [4, "double"],
    arrayValue: [5, "ArrayValue"],
    kvlistValue: [6, "KeyValueList"],
    bytesValue: [7, "bytes"],
  },
  ArrayValue: { values: [1, "AnyValue", "repeated"] },
  KeyValueList: { values: [1, "KeyValue", "repeated"] },
  KeyValue: { key: [1, "string"], value: [2, "AnyValue"] },
  Resource: { attributes: [1, "KeyValue", "repeated"], droppedAttributesCount: [2, "uint32"] },
  Scope: {
    name: [1, "string"],
    version: [2, "string"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "uint32"],
  },
  traces: { resourceSpans: [1, "ResourceSpans", "repeated"] },
  ResourceSpans: {
    resource: [1, "Resource"],
    scopeSpans: [2, "ScopeSpans", "repeated"],
    schemaUrl: [3, "string"],
  },
  ScopeSpans: { scope: [1, "Scope"], spans: [2, "Span", "repeated"], schemaUrl: [3, "string"] },
  Span: {
    traceId: [1, "bytes"],
    spanId: [2, "bytes"],
    traceState: [3, "string"],
    parentSpanId: [4, "bytes"],
    flags: [16, "fixed32"],
    name: [5, "string"],
    kind: [6, "int32"],
    startTimeUnixNano: [7, "fixed64"],
    endTimeUnixNano: [8, "fixed64"],
    attributes: [9, "KeyValue", "repeated"],
    droppedAttributesCount: [10, "uint32"],
    events: [11, "Event", "repeated"],
    droppedEventsCount: [12, "uint32"],
    links: [13, "Link", "repeated"],
    droppedLinksCount: [14, "uint32"],
    status: [15, "Status"],
  },
  Event: {
    timeUnixNano: [1, "fixed64"],
    name: [2, "string"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "uint32"],
  },
  Link: {
    traceId: [1, "bytes"],
    spanId: [2, "bytes"],
    traceState: [3, "string"],
    attributes: [4, "KeyValue", "repeated"],
    flags: [6, "fixed32"],
  },
  Status: { message: [2, "string"], code: [3, "int32"] },
  logs: { resourceLogs: [1, "ResourceLogs", "repeated"] },
  ResourceLogs: { resource: [1, "Resource"], scopeLogs: [2, "ScopeLogs", "repeated"] },
  ScopeLogs: { scope: [1, "Scope"], logRecords: [2, "LogRecord", "repeated"] },
  LogRecord: {
    timeUnixNano: [1, "fixed64"],
    observedTimeUnixNano: [11, "fixed64"],
    severityNumber: [2, "int32"],
    severityText: [3, "string"],
    body: [5, "AnyValue"],
    attributes: [6, "KeyValue", "repeated"],
    flags: [8, "fixed32"],
    traceId: [9, "bytes"],
    spanId: [10, "bytes"],
    eventName: [12, "string"],
  },
  metrics: { resourceMetrics: [1, "ResourceMetrics", "repeated"] },
  ResourceMetrics: { resource: [1, "Resource"], scopeMetrics: [2, "ScopeMetrics", "repeated"] },
  ScopeMetrics: { scope: [1, "Scope"], metrics: [2, "Metric", "repeated"] },
  Metric: {
    name: [1, "string"],
    description: [2, "string"],
    unit: [3, "string"],
    gauge: [5, "Gauge"],
    sum: [7, "Sum"],
    histogram: [9, "Histogram"],
    exponentialHistogram: [10, "ExponentialHistogram"],
    summary: [11, "Summary"],
  },
  Gauge: { dataPoints: [1, "NumberPoint", "repeated"] },
  Sum: {
    dataPoints: [1, "NumberPoint", "repeated"],
    aggregationTemporality: [2, "int32"],
    isMonotonic: [3, "bool"],
  },
  Histogram: {
    dataPoints: [1, "HistogramPoint", "repeated"],
    aggregationTemporality: [2, "int32"],
  },
  ExponentialHistogram: {
    dataPoints: [1, "ExponentialPoint", "repeated"],
    aggregationTemporality: [2, "int32"],
  },
  Summary: { dataPoints: [1, "SummaryPoint", "repeated"] },
  NumberPoint: {
    attributes: [7, "KeyValue", "repeated"],
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    asDouble: [4, "double"],
    asInt: [6, "sfixed64"],
    flags: [8, "uint32"],
  },
  HistogramPoint: {
    attributes: [9, "KeyValue", "repeated"],
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    count: [4, "fixed64"],
    sum: [5, "double"],
    bucketCounts: [6, "fixed64", "repeated"],
    explicitBounds: [7, "double", "repeated"],
    flags: [10, "uint32"],
  },
  ExponentialPoint: {
    attributes: [1, "KeyValue", "repeated"],
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    count: [4, "fixed64"],
    sum: [5, "double"],
    scale: [6, "sint32"],
    zeroCount: [7, "fixed64"],
    flags: [10, "uint32"],
  },
  SummaryPoint: {
    attributes: [7, "KeyValue", "repeated"],
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    count: [4, "fixed64"],
    sum: [5, "double"],
    flags: [8, "uint32"],
  },
};

/** Fields that are written even when they are zero, because it matters that they are there. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  AnyValue: Object.keys(MESSAGES["AnyValue"] ?? {}),
  NumberPoint: ["asDouble", "asInt"],
  HistogramPoint: ["sum"],
  ExponentialPoint: ["sum"],
};

const ROOT = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => [
      name,
      {
        ...(CHOICES[name] && { oneofs: { value: { oneof: [...CHOICES[name]] } } }),
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, [id, type, rule]]) => [
            field,
            { id, type, ...(rule && { rule }) },
          ]),
        ),
      },
    ]),
  ),
});

/** The message of an export request by signal. */
export function otlpMessage(signal: "traces" | "logs" | "metrics"): protobuf.Type {
  return ROOT.lookupType(signal);
}
