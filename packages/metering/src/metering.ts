import { diag, type Meter } from "@opentelemetry/api";
import { TollgateError, type UsageEvent } from "@tollgate/core";
import { createAccounts, type MetricLabel } from "./accounts.ts";
import { createCounters, MIN_SERIES } from "./counters.ts";
import { createHistograms, observeCounters, type Histograms } from "./instruments.ts";
import { recordEvent } from "./record-event.ts";

export interface MeteringOptions {
  /** @defaultValue `["organization", "project", "agent"]` */
  readonly labels?: readonly MetricLabel[] | undefined;
  /**
   * The most series that any instrument gets, and the most label sets kept. What comes later is
   * added to overflow series (`otel.metric.overflow = true`), so that sums stay right. Must stay
   * below the reader's cardinality limit (2,000 by default in the SDKs), beyond which the SDK keeps
   * only the last value of a counter. At least 20.
   *
   * @defaultValue `1_900` series per instrument
   */
  readonly maxSeries?: number | undefined;
}

/** Spend and counts of one label set since the process started. */
export interface MeteredTotals {
  readonly labels: Readonly<Record<string, string | boolean>>;
  readonly costNanoUsd: number;
  /** As reported or, where the provider did not say, as estimated. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requests: number;
}

/**
 * The aggregates of a process: bounded accumulators that usage events are added to, and the
 * OpenTelemetry instruments that export them. Counters are observable instruments over the
 * accumulators, so a meter that is bound late still exports all that was counted before.
 */
export interface Metering {
  /** Adds one event. Never throws. */
  record(event: UsageEvent): void;
  /**
   * Makes the instruments on a meter; histograms record there from now on (on the last one bound).
   *
   * @returns a function that takes the instruments off again.
   */
  bind(meter: Meter): () => void;
  /** What has been counted, for advisory budgets, the demo and tests. */
  totals(): readonly MeteredTotals[];
}

const LABELS = ["organization", "project", "agent"] as const satisfies readonly MetricLabel[];
const MAX_SERIES = 1_900;

/**
 * Makes empty aggregates.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` for a label that is none, or too few series.
 */
export function createMetering(options: MeteringOptions = {}): Metering {
  const { labels = LABELS, maxSeries = MAX_SERIES } = options;
  checkOptions(labels, maxSeries);
  const counters = createCounters(maxSeries);
  const accounts = createAccounts(counters, labels, maxSeries);
  const bound: Histograms[] = [];

  return {
    record(event) {
      try {
        recordEvent(accounts, bound.at(-1), event);
      } catch (error) {
        diag.error("Tollgate could not count a call", error);
      }
    },

    bind(meter) {
      const histograms = createHistograms(meter);
      const stopObserving = observeCounters(meter, counters);
      bound.push(histograms);
      return () => {
        const index = bound.indexOf(histograms);
        if (index < 0) return;
        bound.splice(index, 1);
        stopObserving();
      };
    },

    totals: () =>
      accounts.all().map((account) => ({
        labels: account.labels,
        costNanoUsd: account.costNanoUsd,
        inputTokens: account.inputTokens,
        outputTokens: account.outputTokens,
        requests: account.requests,
      })),
  };
}

function checkOptions(labels: readonly string[], maxSeries: number): void {
  const known: readonly string[] = LABELS;
  const stranger = labels.find((label) => !known.includes(label));
  if (stranger !== undefined) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `labels: "${stranger}" cannot be a metric label; use any of ${known.join(", ")}`,
    );
  }
  if (!Number.isInteger(maxSeries) || maxSeries < MIN_SERIES) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `maxSeries: ${maxSeries} is not a whole number from ${MIN_SERIES} on`,
    );
  }
}
