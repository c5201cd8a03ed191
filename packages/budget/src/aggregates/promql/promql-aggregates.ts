import type { BatchObservableResult, Meter } from "@opentelemetry/api";
import { ATTR_PROCESS_ID, METRIC_PROCESS_INFO } from "@tollgate/core/semconv";
import { createMatcher } from "../../engine/matcher.ts";
import { createCounterRecord, stateOf } from "../../memory/counter-record.ts";
import { counterOf, type CompiledLimit, type CompiledPolicy } from "../../policy/compile.ts";
import type { Counter } from "../../store/store.ts";
import { callOfEvent, callOfLabels, spendOf, spendOfTotals } from "../counted.ts";
import { createReadingHealth } from "../health.ts";
import { checkSeconds, invalid } from "../options.ts";
import { createReadingSchedule, isStale } from "../reading-schedule.ts";
import type { AggregateSource, AggregateWatch, OpenAggregates } from "../source.ts";
import { createSpendTally } from "../spend-tally.ts";
import { spendExpression, type Dialect } from "./expression.ts";
import { createPrometheusApi, type PrometheusApiOptions } from "./prometheus-api.ts";
import { spentByOthers } from "./reading.ts";

export interface PromQlAggregatesOptions extends Omit<PrometheusApiOptions, "timeoutSeconds"> {
  /** How often the sums are read; a tenth more or less. @defaultValue 15 */
  readonly refreshSeconds?: number | undefined;
  /** How old a reading may be and still count. @defaultValue four times `refreshSeconds` */
  readonly maxAgeSeconds?: number | undefined;
  /** @defaultValue 5 */
  readonly timeoutSeconds?: number | undefined;
  /**
   * The labels that all series of one process have, and those of no other: Prometheus adds these two when it
   * scrapes, and when it takes OTLP from resources with a `service.instance.id`.
   *
   * @defaultValue `["job", "instance"]`
   */
  readonly processLabels?: readonly string[] | undefined;
  /** `metricsql` for VictoriaMetrics. @defaultValue `"promql"` */
  readonly dialect?: Dialect | undefined;
}

/** A reading of one limit of one policy. */
interface Reading {
  readonly readAtMs: number;
  readonly windowStartMs: number | undefined;
  /** By counter key. */
  readonly others: ReadonlyMap<string, number>;
}

/**
 * What all processes spent, from a Prometheus that scrapes them or is sent their metrics.
 *
 * One query per policy and unit at every refresh, in the background; a call never waits for it. What other
 * processes spent is seen as late as their scrape and this refresh together; what this process spent counts
 * at once, and once: its share of the sum is taken out by an info series (`tollgate_process_info`) that
 * it exports beside its counters, and its own tally takes its place.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` for a URL that is none, or seconds that are not above 0.
 */
export function createPromQlAggregates(options: PromQlAggregatesOptions): AggregateSource {
  check(options);
  return { hasTotals: false, open: (watch) => open(options, watch) };
}

function open(options: PromQlAggregatesOptions, watch: AggregateWatch): OpenAggregates {
  const { processLabels = ["job", "instance"], dialect = "promql" } = options;
  const { timeoutSeconds = 5, refreshSeconds = 15 } = options;
  const times = { refreshSeconds, maxAgeSeconds: options.maxAgeSeconds ?? 4 * refreshSeconds };
  const { clock } = watch;
  let { policies } = watch;
  let match = createMatcher(policies);
  const api = createPrometheusApi({ ...options, timeoutSeconds });
  const processId = crypto.randomUUID();
  const startedAtMs = clock.now();
  const own = createSpendTally((call) => match(call), clock);
  for (const totals of watch.totals) own.add(callOfLabels(totals.labels), spendOfTotals(totals));
  const readings = new Map<string, Reading>();
  const health = createReadingHealth(
    `the Prometheus at ${withoutSecrets(options.url)}`,
    () => policies.map(({ id }) => id),
    ages,
  );
  let closed = false;

  function* ages(): Generator<readonly [string, number]> {
    for (const { id, limits } of policies) {
      const readAtMs = limits.map(({ unit }) => readings.get(readingKey(id, unit))?.readAtMs);
      if (readAtMs.every((each) => each !== undefined)) {
        yield [id, clock.monotonic() - Math.min(...readAtMs)];
      }
    }
  }

  async function read(policy: CompiledPolicy, limit: CompiledLimit): Promise<void> {
    const nowMs = clock.now();
    const readAtMs = clock.monotonic();
    const windowStartMs = windowStart(counterOf(policy, limit, {}), nowMs);
    if (windowStartMs === undefined) return;
    const expression = spendExpression({
      policy,
      unit: limit.unit,
      rangeMs: nowMs - windowStartMs,
      lifeMs: nowMs - startedAtMs,
      processId,
      processLabels,
      dialect,
    });
    const others = spentByOthers(policy, limit, await api.query(expression, nowMs));
    readings.set(readingKey(policy.id, limit.unit), { readAtMs, windowStartMs, others });
  }

  async function readAll(): Promise<void> {
    own.sweep();
    let failed = false;
    for (const policy of policies) {
      for (const limit of policy.limits) {
        if (closed) return;
        try {
          // oxlint-disable-next-line no-await-in-loop -- one after the other is gentle
          await read(policy, limit);
        } catch (error) {
          failed = true;
          if (!closed) health.failed(policy.id, error);
        }
      }
    }
    if (!failed) health.succeeded();
  }

  const schedule = createReadingSchedule(refreshSeconds, watch.random, readAll);
  schedule.start();

  return {
    spent(counter) {
      const reading = readings.get(readingKey(counter.budget, counter.unit));
      if (reading === undefined || isStale(reading.readAtMs, times, clock)) return undefined;
      const isCurrent =
        counter.window.kind === "rolling" ||
        windowStart(counter, clock.now()) === reading.windowStartMs;
      // The window has turned since: nobody has reported anything in the new one.
      const others = isCurrent ? (reading.others.get(counter.key) ?? 0) : 0;
      return others + own.spent(counter);
    },
    follow(next) {
      const kept = new Set(policies.map(countingOf));
      for (const policy of next.filter((each) => !kept.has(countingOf(each)))) {
        for (const { unit } of policy.limits) readings.delete(readingKey(policy.id, unit));
      }
      policies = next;
      match = createMatcher(policies);
    },
    record: (event) => own.add(callOfEvent(event), spendOf(event)),
    bind(meter) {
      const unbindHealth = health.bind(meter);
      const unbindInfo = bindInfo(meter, processId);
      return () => {
        unbindHealth();
        unbindInfo();
      };
    },
    close() {
      closed = true;
      schedule.close();
      api.close();
    },
  };
}

/** What a reading of a policy depends on. */
function countingOf({ id, match, each, window }: CompiledPolicy): string {
  return JSON.stringify([id, match, each, window]);
}

function bindInfo(meter: Meter, processId: string): () => void {
  const { name, unit, description } = METRIC_PROCESS_INFO;
  const info = meter.createObservableGauge(name, { unit, description });
  const observe = (result: BatchObservableResult): void =>
    result.observe(info, 1, { [ATTR_PROCESS_ID]: processId });
  meter.addBatchObservableCallback(observe, [info]);
  return () => meter.removeBatchObservableCallback(observe, [info]);
}

function readingKey(budget: string, unit: string): string {
  return `${budget} ${unit}`;
}

function windowStart(counter: Counter, nowMs: number): number | undefined {
  return stateOf(createCounterRecord(counter), nowMs).windowStartMs;
}

function withoutSecrets(url: string): string {
  return new URL(url).host;
}

function check(options: PromQlAggregatesOptions): void {
  if (!/^https?:$/.test(URL.parse(options.url)?.protocol ?? "")) {
    throw invalid("url: write the address of a Prometheus, such as http://prometheus:9090");
  }
  const { refreshSeconds, maxAgeSeconds, timeoutSeconds } = options;
  checkSeconds({ refreshSeconds, maxAgeSeconds, timeoutSeconds });
  const label = options.processLabels?.find((name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name));
  if (label !== undefined) throw invalid(`processLabels: "${label}" is no name of a label`);
}
