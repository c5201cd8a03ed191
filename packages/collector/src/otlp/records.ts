/**
 * OTLP as the rest of the collector sees it, whatever it came as. Source: opentelemetry-proto 1.x
 * (trace, logs, metrics and common.v1).
 */

/** 64-bit integers beyond 2^53 are decimal strings; a missing value is left out, of an array too. */
export type AttributeValue =
  | string
  | number
  | boolean
  | Uint8Array
  | readonly AttributeValue[]
  | Attributes;

export interface Attributes {
  readonly [name: string]: AttributeValue | undefined;
}

/** Shared by all records of one block. */
export interface Origin {
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly scope: Attributes;
}

export interface SpanEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes;
}

export interface SpanRecord {
  readonly origin: Origin;
  /** Lower-case hex, 32 digits. */
  readonly traceId: string;
  /** Lower-case hex, 16 digits. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** `SPAN_KIND_*` by number: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Milliseconds since the epoch, with their fraction. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
}

export interface LogRecord {
  readonly origin: Origin;
  readonly timeMs: number;
  /** `event_name`, or what older senders put into the attribute `event.name`. */
  readonly eventName: string | undefined;
  readonly body: AttributeValue | undefined;
  readonly attributes: Attributes;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

export type Temporality = "delta" | "cumulative" | "unspecified";

/** One number of a sum, a gauge or a histogram. */
export interface PointRecord {
  readonly origin: Origin;
  readonly metric: string;
  readonly unit: string;
  readonly kind: "sum" | "gauge" | "histogram" | "exponential_histogram" | "summary";
  readonly temporality: Temporality;
  /** Of a sum: whether it only grows. `false` for the other kinds. */
  readonly monotonic: boolean;
  readonly attributes: Attributes;
  /** 0 when the sender does not say. */
  readonly startMs: number;
  readonly timeMs: number;
  /** Of a sum or a gauge its number, else the sum of what was recorded; `undefined` when it has none. */
  readonly value: number | undefined;
  /** Of a histogram or a summary. */
  readonly count: number | undefined;
}

/** What one request brought. */
export type OtlpBatch =
  | { readonly signal: "traces"; readonly records: readonly SpanRecord[] }
  | { readonly signal: "logs"; readonly records: readonly LogRecord[] }
  | { readonly signal: "metrics"; readonly records: readonly PointRecord[] };
