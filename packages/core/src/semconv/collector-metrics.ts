import { WAIT_BUCKETS, type MetricDefinition } from "./metric-definition.ts";

/** What becomes of what the collector receives. */
export const METRIC_COLLECTOR_SIGHTED: MetricDefinition = {
  name: "tollgate.collector.sighted",
  unit: "{event}",
  description: "Records that told of a model call, or of tokens that were added up.",
};
export const METRIC_COLLECTOR_EVENTS: MetricDefinition = {
  name: "tollgate.collector.events",
  unit: "{event}",
  description:
    "Usage events by what became of them: booked, own (charged where they were made), duplicate, known (sent before).",
};
export const METRIC_COLLECTOR_WAITING: MetricDefinition = {
  name: "tollgate.collector.waiting",
  unit: "{event}",
  description: "Usage events that wait for what may tell of the same tokens.",
};
export const METRIC_COLLECTOR_CHARGES_DEFERRED: MetricDefinition = {
  name: "tollgate.collector.charges.deferred",
  unit: "{charge}",
  description: "Charges that wait in the ledger because the budget store did not answer.",
};

/** What the collector receives. */
export const METRIC_COLLECTOR_REQUESTS: MetricDefinition = {
  name: "tollgate.collector.requests",
  unit: "{request}",
  description: "Export requests by outcome, refused ones included.",
};
export const METRIC_COLLECTOR_RECORDS: MetricDefinition = {
  name: "tollgate.collector.records",
  unit: "{record}",
  description: "Spans, log records and points that came, by whether they could be used.",
};
export const METRIC_COLLECTOR_VALUES_CUT: MetricDefinition = {
  name: "tollgate.collector.values.cut",
  unit: "{value}",
  description: "Values of records that were cut or left out because they exceed a limit.",
};
export const METRIC_COLLECTOR_RECEIVED_BYTES: MetricDefinition = {
  name: "tollgate.collector.received.bytes",
  unit: "By",
  description: "Bytes of export requests that were read, after decompression.",
};
export const METRIC_COLLECTOR_DECODE_SECONDS: MetricDefinition = {
  name: "tollgate.collector.decode.seconds",
  unit: "s",
  description: "Time it took to decode a request.",
  buckets: WAIT_BUCKETS,
};
export const METRIC_COLLECTOR_QUEUE_BYTES: MetricDefinition = {
  name: "tollgate.collector.queue.bytes",
  unit: "By",
  description: "Bytes of requests that are read but not yet answered.",
};
export const METRIC_COLLECTOR_QUEUE_REQUESTS: MetricDefinition = {
  name: "tollgate.collector.queue.requests",
  unit: "{request}",
  description: "Requests that are taken in but not yet answered.",
};
