import { randomUUID } from "node:crypto";
import type { BudgetProcessor } from "@tollgate/budget";
import type { Clock } from "@tollgate/core";
import type { Ledger } from "@tollgate/ledger";
import type { Pricer } from "@tollgate/pricing";
import type { Attributor } from "./attribution/attributor.ts";
import { createBooking, type Booking } from "./booking/booking.ts";
import { createCharger } from "./booking/charger.ts";
import { createKnownParents } from "./booking/known-parents.ts";
import { createSeriesStates, type SeriesStates } from "./booking/series-states.ts";
import { createSighter } from "./booking/sight-records.ts";
import { createBatchTaker } from "./booking/take-batch.ts";
import type { BookingTelemetry } from "./telemetry/booking-telemetry.ts";
import type { Feed } from "./usage/feed.ts";

export interface OpenBookingOptions {
  readonly ledger: Ledger;
  readonly budget: BudgetProcessor;
  readonly pricer: Pricer;
  readonly attributor: Attributor;
  readonly feed: Feed;
  readonly telemetry: BookingTelemetry;
  readonly clock: Clock;
  readonly dedupWindowMs: number;
  readonly signalWindowMs: number;
  readonly countInstrumented: boolean;
  /** No other collector books in this ledger. */
  readonly isAlone: boolean;
}

export interface OpenBooking {
  readonly booking: Booking;
  readonly takeBatch: ReturnType<typeof createBatchTaker>;
  readonly series: SeriesStates;
}

const MOST_SPANS = 200_000;

/** The way of telemetry from records to what is booked, charged, counted and told. */
export function openBooking(options: OpenBookingOptions): OpenBooking {
  const { ledger, budget, pricer, attributor, feed, telemetry, clock } = options;
  const parents = createKnownParents(2 * options.dedupWindowMs, MOST_SPANS);
  const charger = createCharger({
    ledger,
    budget,
    owner: randomUUID(),
    onDeferred: telemetry.deferred,
  });
  const booking = createBooking({
    ledger,
    charger,
    parents,
    clock,
    dedupWindowMs: options.dedupWindowMs,
    signalWindowMs: options.signalWindowMs,
    isAlone: options.isAlone,
    onBooked(event, wasCountedElsewhere) {
      if (!wasCountedElsewhere || options.countInstrumented) budget.record(event);
      feed.publish(event);
    },
    onOutcome: telemetry.outcome,
  });
  telemetry.watchWaiting(() => booking.waiting);
  const series = createSeriesStates(ledger, clock);
  const takeBatch = createBatchTaker({
    sighter: createSighter({ attributor, pricer, parents }),
    booking,
    series,
    clock,
    onSighted: telemetry.sighted,
  });
  return { booking, takeBatch, series };
}
