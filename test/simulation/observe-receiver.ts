import {
  ATTR_COLLECTOR_SIGNAL,
  ATTR_OUTCOME,
  METRIC_COLLECTOR_DECODE_SECONDS,
  METRIC_COLLECTOR_EVENTS,
  METRIC_COLLECTOR_QUEUE_BYTES,
  METRIC_COLLECTOR_QUEUE_REQUESTS,
  METRIC_COLLECTOR_RECEIVED_BYTES,
  METRIC_COLLECTOR_RECORDS,
  METRIC_COLLECTOR_REQUESTS,
  METRIC_COLLECTOR_SIGHTED,
  METRIC_COLLECTOR_WAITING,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import type { Counter, Meter } from "@opentelemetry/api";

/** What a collector says of what it receives: its own instruments, without a collector behind them. */
export function observeReceiver(meter: Meter, random: () => number): (calls: number) => void {
  const counter = ({ name, unit }: MetricDefinition): Counter =>
    meter.createCounter(name, { unit });
  const requests = counter(METRIC_COLLECTOR_REQUESTS);
  const records = counter(METRIC_COLLECTOR_RECORDS);
  const events = counter(METRIC_COLLECTOR_EVENTS);
  const sighted = counter(METRIC_COLLECTOR_SIGHTED);
  const bytes = counter(METRIC_COLLECTOR_RECEIVED_BYTES);
  const { name, buckets, ...decodeOptions } = METRIC_COLLECTOR_DECODE_SECONDS;
  const decode = meter.createHistogram(name, {
    ...decodeOptions,
    advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
  });
  for (const definition of [
    METRIC_COLLECTOR_QUEUE_BYTES,
    METRIC_COLLECTOR_QUEUE_REQUESTS,
    METRIC_COLLECTOR_WAITING,
  ]) {
    const isBytes = definition === METRIC_COLLECTOR_QUEUE_BYTES;
    meter
      .createObservableGauge(definition.name, { unit: definition.unit })
      .addCallback((result) => result.observe(Math.floor(random() * (isBytes ? 90_000 : 4))));
  }
  return (calls) => {
    for (let call = 0; call < calls; call++) {
      const signal = { [ATTR_COLLECTOR_SIGNAL]: random() < 0.7 ? "logs" : "traces" };
      const isBusy = random() < 0.002;
      requests.add(1, { ...signal, [ATTR_OUTCOME]: isBusy ? "busy" : "accepted" });
      if (isBusy) continue;
      records.add(3, { ...signal, [ATTR_OUTCOME]: "accepted" });
      bytes.add(2_000 + Math.floor(6_000 * random()), signal);
      decode.record(0.0004 + 0.002 * random(), signal);
      sighted.add(1);
      events.add(1, { [ATTR_OUTCOME]: random() < 0.06 ? "duplicate" : "booked" });
    }
  };
}
