import type { BatchObservableResult, Histogram, Meter, Observable } from "@opentelemetry/api";
import { nanoUsdToUsd, type BudgetUnit } from "@tollgate/core";
import {
  ATTR_BUDGET,
  ATTR_BUDGET_ACTION,
  ATTR_BUDGET_REASON,
  budgetGauge,
  METRIC_BUDGET_DECISIONS,
  METRIC_BUDGET_EXPOSURE_UNBOUNDED,
  METRIC_BUDGET_EXPOSURE_USD,
  METRIC_BUDGET_OVERRUN_USD,
  METRIC_BUDGET_PRESUMED_USD,
  METRIC_BUDGET_RESERVE_SECONDS,
  METRIC_BUDGET_STORE_ERRORS,
  METRIC_BUDGET_THROTTLE_SECONDS,
  METRIC_BUDGET_UTILIZATION,
  METRIC_BUDGET_WINDOW_END,
  METRIC_BUDGET_WINDOW_START,
  type MetricDefinition,
} from "@tollgate/core/semconv";
import type { DecisionCounts } from "../engine/decision-counts.ts";
import type { Exposure } from "../engine/exposure.ts";
import type { Rules, RulesInForce } from "../engine/rules.ts";
import type { BudgetState } from "../processor.ts";
import type { MaybePromise } from "../store/store.ts";
import { createGaugeReader, type BudgetGauges } from "./gauges.ts";

/** Where the instruments read from. */
export interface InstrumentSource {
  readonly scope: "process" | "shared";
  readonly rules: RulesInForce;
  /** Whether budgets may decide on aggregates. */
  readonly hasAggregates: boolean;
  states(): MaybePromise<readonly BudgetState[]>;
  readonly counts: DecisionCounts;
  storeErrors(): number;
  exposure(): ReadonlyMap<string, Exposure>;
}

/** The instruments of a processor on one meter. */
export interface Instruments {
  recordReserve(durationMs: number): void;
  recordThrottle(budget: string, durationMs: number): void;
  unbind(): void;
}

/** What was observed last, and by which rules. */
interface Shown {
  readonly rules: Rules;
  readonly gauges: readonly BudgetGauges[];
}

const UNITS = ["usd", "tokens", "requests"] as const satisfies readonly BudgetUnit[];
const WHATS = ["limit", "spent", "reserved", "remaining"] as const;
const WHATS_OF_AGGREGATES = [...WHATS, "aggregate", "divergence"] as const;

/** Makes all instruments on a meter. Gauges and counters are read in one batch at collection. */
export function createInstruments(meter: Meter, source: InstrumentSource): Instruments {
  const gauge = (definition: MetricDefinition): Observable =>
    meter.createObservableGauge(definition.name, describe(definition));
  const counter = (definition: MetricDefinition): Observable =>
    meter.createObservableCounter(definition.name, describe(definition));

  const whats = source.hasAggregates ? WHATS_OF_AGGREGATES : WHATS;
  const amounts = whats.flatMap((what) =>
    UNITS.map((unit) => ({ what, unit, gauge: gauge(budgetGauge(what, unit)) })),
  );
  const utilization = gauge(METRIC_BUDGET_UTILIZATION);
  const windowStart = gauge(METRIC_BUDGET_WINDOW_START);
  const windowEnd = gauge(METRIC_BUDGET_WINDOW_END);
  const exposure = gauge(METRIC_BUDGET_EXPOSURE_USD);
  const unbounded = gauge(METRIC_BUDGET_EXPOSURE_UNBOUNDED);
  const decisions = counter(METRIC_BUDGET_DECISIONS);
  const overrun = counter(METRIC_BUDGET_OVERRUN_USD);
  const presumed = counter(METRIC_BUDGET_PRESUMED_USD);
  const storeErrors = counter(METRIC_BUDGET_STORE_ERRORS);
  const reserveSeconds = histogram(meter, METRIC_BUDGET_RESERVE_SECONDS);
  const throttleSeconds = histogram(meter, METRIC_BUDGET_THROTTLE_SECONDS);

  let shown: Shown | undefined;

  function observeEach(
    result: BatchObservableResult,
    { rules, gauges }: Shown,
    show: (value: number) => number,
  ): void {
    for (const { budget, labels, utilization: used, windowStartMs, ...rest } of gauges) {
      const { windowEndMs, amounts: values } = rest;
      result.observe(utilization, show(used), labels);
      // The start of a rolling window moves with every bucket: no rate can be told from that.
      const isCalendar = rules.byId.get(budget)?.window.kind === "calendar";
      if (windowStartMs !== undefined && isCalendar) {
        result.observe(windowStart, show(windowStartMs / 1000), labels);
      }
      if (windowEndMs !== undefined) result.observe(windowEnd, show(windowEndMs / 1000), labels);
      for (const { what, unit, gauge: observable } of amounts) {
        const value = values[unit]?.[what];
        if (value !== undefined) result.observe(observable, show(value), labels);
      }
    }
  }

  function observeGauges(result: BatchObservableResult, gauges: readonly BudgetGauges[]): void {
    const { current } = source.rules;
    // The SDK shows what is no longer observed at its last value for ever: what other rules brought forth is
    // said to have no value, once, unless it is observed again right after.
    if (shown !== undefined && shown.rules !== current) {
      observeEach(result, shown, () => Number.NaN);
    }
    shown = { rules: current, gauges };
    observeEach(result, shown, (value) => value);
  }

  function observeCounts(result: BatchObservableResult): void {
    const { ids } = source.rules.current;
    for (const [budget, counts] of source.counts.all) {
      if (!ids.has(budget)) continue;
      for (const { action, reason, count } of counts.decisions) {
        result.observe(decisions, count, {
          [ATTR_BUDGET]: budget,
          [ATTR_BUDGET_ACTION]: action,
          [ATTR_BUDGET_REASON]: reason,
        });
      }
      result.observe(overrun, nanoUsdToUsd(counts.overrunNanoUsd), { [ATTR_BUDGET]: budget });
      result.observe(presumed, nanoUsdToUsd(counts.presumedNanoUsd), { [ATTR_BUDGET]: budget });
    }
    result.observe(storeErrors, source.storeErrors());
  }

  function observeExposure(result: BatchObservableResult): void {
    for (const [budget, { nanoUsd, unbounded: calls }] of source.exposure()) {
      result.observe(exposure, nanoUsdToUsd(nanoUsd), { [ATTR_BUDGET]: budget });
      result.observe(unbounded, calls, { [ATTR_BUDGET]: budget });
    }
  }

  const readGauges = createGaugeReader(source.scope, () => source.rules.current.policies.length);
  const observables = [
    ...amounts.map((one) => one.gauge),
    utilization,
    windowStart,
    windowEnd,
    exposure,
    unbounded,
    decisions,
    overrun,
    presumed,
    storeErrors,
  ];
  const observe = async (result: BatchObservableResult): Promise<void> => {
    // The states first: reading them may find leases that have expired, which are counted then.
    const states = await source.states();
    observeGauges(result, readGauges(states));
    observeCounts(result);
    observeExposure(result);
  };
  meter.addBatchObservableCallback(observe, observables);

  return {
    recordReserve: (durationMs) => reserveSeconds.record(durationMs / 1000),
    recordThrottle: (budget, durationMs) =>
      throttleSeconds.record(durationMs / 1000, { [ATTR_BUDGET]: budget }),
    unbind: () => meter.removeBatchObservableCallback(observe, observables),
  };
}

function describe({ unit, description }: MetricDefinition): { unit: string; description: string } {
  return { unit, description };
}

function histogram(meter: Meter, definition: MetricDefinition): Histogram {
  const { buckets } = definition;
  return meter.createHistogram(definition.name, {
    ...describe(definition),
    ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }),
  });
}
