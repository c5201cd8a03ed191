import { ValueType, type Counter, type Meter } from "@opentelemetry/api";
import {
  ATTR_OUTCOME,
  METRIC_COLLECTOR_CHARGES_DEFERRED,
  METRIC_COLLECTOR_EVENTS,
  METRIC_COLLECTOR_SIGHTED,
  METRIC_COLLECTOR_WAITING,
  type MetricDefinition,
} from "@tollgate/core/semconv";

/** What the collector says of its own booking. */
export interface BookingTelemetry {
  sighted(count: number): void;
  outcome(outcome: string, count: number): void;
  deferred(): void;
  /** Shows how many events wait. */
  watchWaiting(waiting: () => number): void;
}

export function createBookingTelemetry(meter: Meter): BookingTelemetry {
  const sighted = counter(meter, METRIC_COLLECTOR_SIGHTED);
  const events = counter(meter, METRIC_COLLECTOR_EVENTS);
  const deferred = counter(meter, METRIC_COLLECTOR_CHARGES_DEFERRED);
  return {
    sighted(count) {
      if (count > 0) sighted.add(count);
    },
    outcome(outcome, count) {
      if (count > 0) events.add(count, { [ATTR_OUTCOME]: outcome });
    },
    deferred: () => deferred.add(1),
    watchWaiting(waiting) {
      const { name, unit, description } = METRIC_COLLECTOR_WAITING;
      const gauge = meter.createObservableGauge(name, { unit, description });
      gauge.addCallback((result) => result.observe(waiting()));
    },
  };
}

function counter(meter: Meter, { name, unit, description }: MetricDefinition): Counter {
  return meter.createCounter(name, { unit, description, valueType: ValueType.INT });
}
