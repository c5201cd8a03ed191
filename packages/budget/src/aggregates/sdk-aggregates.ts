import { diag } from "@opentelemetry/api";
import type {
  AggregationOption,
  AggregationTemporality,
  CollectionResult,
  IMetricReader,
  MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { NANO_USD_PER_USD, type BudgetUnit } from "@tollgate/core";
import { ATTR_OUTCOME } from "@tollgate/core/semconv";
import { createMatcher } from "../engine/matcher.ts";
import type { Counter } from "../store/store.ts";
import { callOfEvent, callOfLabels, COUNTED_BY, spendOf, UNCHARGED_OUTCOMES } from "./counted.ts";
import { createReadingHealth } from "./health.ts";
import { checkSeconds, invalid } from "./options.ts";
import { createReadingSchedule, isStale } from "./reading-schedule.ts";
import type { AggregateSource, AggregateWatch, OpenAggregates } from "./source.ts";
import { createSpendTally, type SpendTally } from "./spend-tally.ts";

export interface SdkAggregatesOptions {
  /** How often the sums are read; a tenth more or less. @defaultValue 5 */
  readonly refreshSeconds?: number | undefined;
  /** How old a reading may be and still count. @defaultValue four times `refreshSeconds` */
  readonly maxAgeSeconds?: number | undefined;
}

/** The aggregates of an app's own SDK. */
export interface SdkAggregates extends AggregateSource {
  /** For the app's `MeterProvider`: `new MeterProvider({ readers: [aggregates.reader] })`. */
  readonly reader: IMetricReader;
}

// By number, because the enums themselves would load the SDK.
/* oxlint-disable typescript/no-unsafe-enum-assignment */
/** Differences: what was counted since this reader's last collection. */
const DELTA: AggregationTemporality = 0;
const DEFAULT_AGGREGATION: AggregationOption = { type: 0 };
/* oxlint-enable typescript/no-unsafe-enum-assignment */
/** As many series as instruments of ours may have, and many of others. */
const MAX_SERIES = 10_000;

/**
 * What the app's own metrics say: everything in its `MeterProvider` that counts by the names that Tollgate
 * counts by (`tollgate.cost.usd`, `tollgate.requests`, the standard token counters), whoever counts it.
 *
 * Collected every few seconds; what Tollgate itself has counted since the last collection is added, so that
 * its own calls count at once. What was counted before the first collection, or across the turn of a
 * window, counts in the window in which it was collected. Needs no SDK when it is loaded.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` for seconds that are not above 0.
 */
export function createSdkAggregates(options: SdkAggregatesOptions = {}): SdkAggregates {
  const { refreshSeconds = 5, maxAgeSeconds = 4 * refreshSeconds } = options;
  checkSeconds({ refreshSeconds, maxAgeSeconds });
  const { reader, collect } = createDeltaReader();
  let isOpen = false;
  return {
    hasTotals: true,
    reader,
    open(watch) {
      if (isOpen) {
        throw invalid("these are another processor's already; create some for each");
      }
      isOpen = true;
      const opened = openReader(collect, { refreshSeconds, maxAgeSeconds }, watch);
      return {
        ...opened,
        close() {
          isOpen = false;
          opened.close();
        },
      };
    },
  };
}

type Collect = () => Promise<CollectionResult | undefined>;

function createDeltaReader(): { readonly reader: IMetricReader; readonly collect: Collect } {
  let producer: MetricProducer | undefined;
  const collect = async (): Promise<CollectionResult | undefined> => producer?.collect();
  const reader: IMetricReader = {
    setMetricProducer(given) {
      if (producer !== undefined) throw new Error("a reader belongs to one MeterProvider");
      producer = given;
    },
    selectAggregation: () => DEFAULT_AGGREGATION,
    selectAggregationTemporality: () => DELTA,
    selectCardinalityLimit: () => MAX_SERIES,
    collect: async (collection) => {
      if (producer === undefined) throw new Error("the reader is in no MeterProvider");
      return producer.collect(collection);
    },
    async forceFlush() {},
    async shutdown() {
      producer = undefined;
    },
  };
  return { reader, collect };
}

function openReader(
  collect: Collect,
  times: { readonly refreshSeconds: number; readonly maxAgeSeconds: number },
  { policies, clock, random }: AggregateWatch,
): OpenAggregates {
  let matching = createMatcher(policies);
  let budgets = policies.map(({ id }) => id);
  const match: typeof matching = (call) => matching(call);
  const collected = createSpendTally(match, clock);
  /** Ours since the last collection; one more each time a collection begins. */
  let uncollected: SpendTally[] = [createSpendTally(match, clock)];
  const openedAtMs = clock.monotonic();
  let readAtMs: number | undefined;
  const health = createReadingHealth(
    "the metrics of this app",
    () => budgets,
    () =>
      readAtMs === undefined ? [] : budgets.map((id) => [id, clock.monotonic() - (readAtMs ?? 0)]),
  );

  async function readAll(): Promise<void> {
    const startedAtMs = clock.monotonic();
    const before = uncollected.length;
    uncollected.push(createSpendTally(match, clock));
    try {
      const result = await collect();
      if (result === undefined) {
        // An app may make its provider after us.
        if (!isStale(openedAtMs, times, clock)) return;
        throw new Error("no MeterProvider has their reader");
      }
      for (const error of result.errors) diag.debug("tollgate: collecting metrics failed", error);
      addDeltas(collected, result);
      uncollected = uncollected.slice(before);
      collected.sweep();
      readAtMs = startedAtMs;
      health.succeeded();
    } catch (error) {
      for (const budget of budgets) health.failed(budget, error);
    }
  }

  const schedule = createReadingSchedule(times.refreshSeconds, random, readAll);
  schedule.start();
  return {
    spent(counter: Counter) {
      if (readAtMs === undefined || isStale(readAtMs, times, clock)) return undefined;
      return uncollected.reduce(
        (sum, tally) => sum + tally.spent(counter),
        collected.spent(counter),
      );
    },
    follow(next) {
      matching = createMatcher(next);
      budgets = next.map(({ id }) => id);
    },
    record(event) {
      uncollected.at(-1)?.add(callOfEvent(event), spendOf(event));
    },
    bind: health.bind,
    close: schedule.close,
  };
}

const UNIT_OF: ReadonlyMap<string, BudgetUnit> = new Map(
  (["usd", "tokens", "requests"] as const).flatMap((unit) =>
    COUNTED_BY[unit].map(({ name }) => [name, unit] as const),
  ),
);

function addDeltas(tally: SpendTally, { resourceMetrics }: CollectionResult): void {
  for (const { metrics } of resourceMetrics.scopeMetrics) {
    for (const { descriptor, dataPoints } of metrics) {
      const unit = UNIT_OF.get(descriptor.name);
      if (unit === undefined) continue;
      for (const { value, attributes } of dataPoints) {
        if (typeof value !== "number" || !isCharged(unit, attributes[ATTR_OUTCOME])) continue;
        const amount = Math.round(unit === "usd" ? value * NANO_USD_PER_USD : value);
        tally.add(callOfLabels(attributes), { [unit]: amount });
      }
    }
  }
}

function isCharged(unit: BudgetUnit, outcome: unknown): boolean {
  return unit !== "requests" || !UNCHARGED_OUTCOMES.some((uncharged) => uncharged === outcome);
}
