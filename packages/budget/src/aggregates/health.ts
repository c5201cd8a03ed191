import { diag, type BatchObservableResult, type Meter } from "@opentelemetry/api";
import {
  ATTR_BUDGET,
  METRIC_AGGREGATES_AGE_SECONDS,
  METRIC_AGGREGATES_FAILURES,
} from "@tollgate/core/semconv";

/** How a source's readings went: a gauge of their age, a counter of failures, one warning per outage. */
export interface ReadingHealth {
  succeeded(): void;
  failed(budget: string, error: unknown): void;
  bind(meter: Meter): () => void;
}

/**
 * @param ages - how old the reading of each budget is; none for one that was never read.
 */
export function createReadingHealth(
  source: string,
  budgets: () => readonly string[],
  ages: () => Iterable<readonly [budget: string, ageMs: number]>,
): ReadingHealth {
  const failures = new Map<string, number>();
  let warned = false;

  return {
    succeeded() {
      if (warned) diag.info(`tollgate: ${source} answers again`);
      warned = false;
    },
    failed(budget, error) {
      failures.set(budget, (failures.get(budget) ?? 0) + 1);
      if (warned) return;
      warned = true;
      const reason = error instanceof Error ? error.message : String(error);
      diag.warn(
        `tollgate: ${source} could not be read for the budget ${budget}, which goes on with its last reading, then by onStoreError: ${reason}`,
      );
    },
    bind(meter) {
      const age = meter.createObservableGauge(METRIC_AGGREGATES_AGE_SECONDS.name, {
        unit: METRIC_AGGREGATES_AGE_SECONDS.unit,
        description: METRIC_AGGREGATES_AGE_SECONDS.description,
      });
      const count = meter.createObservableCounter(METRIC_AGGREGATES_FAILURES.name, {
        unit: METRIC_AGGREGATES_FAILURES.unit,
        description: METRIC_AGGREGATES_FAILURES.description,
      });
      const observe = (result: BatchObservableResult): void => {
        for (const [budget, ageMs] of ages()) {
          result.observe(age, ageMs / 1_000, { [ATTR_BUDGET]: budget });
        }
        for (const budget of budgets()) {
          result.observe(count, failures.get(budget) ?? 0, { [ATTR_BUDGET]: budget });
        }
      };
      meter.addBatchObservableCallback(observe, [age, count]);
      return () => meter.removeBatchObservableCallback(observe, [age, count]);
    },
  };
}
