import { diag, type Meter } from "@opentelemetry/api";
import type { Run, UsageEvent } from "@tollgate/core";
import { createAccounts } from "./accounts.ts";
import { createCounters } from "./counters.ts";
import { createHistograms, observeCounters, type Histograms } from "./instruments.ts";
import { checkOptions, LABELS, MAX_SERIES, type MeteringOptions } from "./options.ts";
import { recordEvent } from "./record-event.ts";
import { createRunMetering } from "./runs.ts";

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
  /** Adds a run of an agent, tool or task that has ended. Never throws. */
  recordRun(run: Run): void;
  /**
   * Makes the instruments on a meter; histograms record there from now on (on the last one bound).
   *
   * @returns a function that takes the instruments off again.
   */
  bind(meter: Meter): () => void;
  /** What has been counted, for advisory budgets, the demo and tests. */
  totals(): readonly MeteredTotals[];
}

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
  const runs = createRunMetering({ labels, maxSeries });
  const bound: Histograms[] = [];

  return {
    record(event) {
      try {
        recordEvent(accounts, bound.at(-1), event);
      } catch (error) {
        diag.error("Tollgate could not count a call", error);
      }
    },

    recordRun: runs.record,

    bind(meter) {
      const histograms = createHistograms(meter);
      const stopObserving = observeCounters(meter, counters);
      const unbindRuns = runs.bind(meter);
      bound.push(histograms);
      return () => {
        const index = bound.indexOf(histograms);
        if (index < 0) return;
        bound.splice(index, 1);
        stopObserving();
        unbindRuns();
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
