import { createBudgetProcessor, createMemoryStore, type BudgetProcessor } from "@tollgate/budget";
import type { CallCost, TokenUsage, UsageEvent } from "@tollgate/core";
import {
  METRIC_COLLECTOR_DECODE_SECONDS,
  METRIC_COLLECTOR_EVENTS,
  METRIC_COLLECTOR_QUEUE_BYTES,
  METRIC_COLLECTOR_QUEUE_REQUESTS,
  METRIC_COLLECTOR_RECEIVED_BYTES,
  METRIC_COLLECTOR_RECORDS,
  METRIC_COLLECTOR_REQUESTS,
  METRIC_COLLECTOR_SIGHTED,
  METRIC_COLLECTOR_WAITING,
  ATTR_COLLECTOR_SIGNAL,
  ATTR_OUTCOME,
} from "@tollgate/core/semconv";
import { observePricesAge } from "@tollgate/metering";
import { createPricer } from "@tollgate/pricing";
import { createFakeClock } from "@tollgate/testkit";
import type { Meter } from "@opentelemetry/api";
import { createScraped, type Scraped } from "./open-metrics.ts";
import { POLICIES } from "./policies.ts";
import { createRandom } from "./random.ts";
import { activity, troubleOf, WORKLOADS, type Trouble, type Workload } from "./traffic.ts";

export interface WeekOptions {
  readonly endMs: number;
  readonly days: number;
  readonly stepMs: number;
}

const TARGETS: Readonly<Record<Workload["instance"], string>> = {
  api: 'job="api",instance="api-1:9464"',
  worker: 'job="worker",instance="worker-1:9464"',
  collector: 'job="tollgate-collector",instance="collector-1:4318"',
};
const HOUR_MS = 3_600_000;
/** How long before a scrape those calls begin that are under way then. */
const LATE_MS = 10_000;

/** Lives through a week of three processes by their own clock, and gives what a Prometheus would have scraped. */
export async function* simulateWeek(options: WeekOptions): AsyncGenerator<readonly string[]> {
  const { endMs, days, stepMs } = options;
  const startMs = endMs - days * 24 * HOUR_MS;
  const clock = createFakeClock(startMs);
  const random = createRandom(7);
  const pricer = createPricer();
  // As Redis would be: one store of both processes, which show the same.
  const store = { ...createMemoryStore({ clock }), scope: "shared" as const };
  const processes = Object.entries(TARGETS).map(([instance, target]) => {
    const scraped = createScraped(target);
    const budget =
      instance === "collector"
        ? createBudgetProcessor({ policies: [], clock })
        : createBudgetProcessor({ policies: POLICIES, store, clock, random });
    budget.bind(scraped.meter);
    observePricesAge(scraped.meter, () => pricer.catalogueDate, clock.now);
    return { instance, target, scraped, budget };
  });
  const collector = processes.find(({ instance }) => instance === "collector");
  const receive = collector === undefined ? () => {} : observeReceiver(collector.scraped, random);

  let calls = 0;
  /** Ends of calls that are under way when the next scrape comes. */
  let underWay: (() => Promise<void>)[] = [];
  let isLate = false;
  while (clock.now() < endMs) {
    const nowMs = clock.now();
    for (const work of WORKLOADS) {
      if (nowMs - startMs < (work.bornAfterHours ?? 0) * HOUR_MS) continue;
      const trouble = troubleOf(work, endMs - nowMs);
      const expected = (work.callsPerHour * activity(nowMs) * trouble.factor * stepMs) / HOUR_MS;
      const process = processes.find(({ instance }) => instance === work.instance);
      const count = Math.floor(expected * (0.6 + 0.8 * random()) + random());
      for (let made = 0; made < count && process !== undefined; made++) {
        await makeCall(process.budget, work, trouble, `call-${++calls}`);
      }
      if (work.instance === "collector") receive(count);
    }
    await clock.advance(stepMs - LATE_MS);
    isLate = true;
    for (const work of WORKLOADS) {
      const process = processes.find(({ instance }) => instance === work.instance);
      const isBusy = random() < 0.5 * activity(clock.now());
      if (
        process === undefined ||
        !isBusy ||
        clock.now() - startMs < (work.bornAfterHours ?? 0) * HOUR_MS
      )
        continue;
      await makeCall(process.budget, work, troubleOf(work, endMs - clock.now()), `call-${++calls}`);
    }
    isLate = false;
    await clock.advance(LATE_MS);
    for (const { scraped, target } of processes) {
      yield [...(await scraped.scrape(clock.now())), `up{${target}} 1 ${clock.now() / 1_000}`];
    }
    for (const end of underWay) await end();
    underWay = [];
  }

  async function makeCall(
    budget: BudgetProcessor,
    work: Workload,
    trouble: Trouble,
    id: string,
  ): Promise<void> {
    const size = 0.4 + 1.2 * random() ** 2;
    const outcome = random() < trouble.errorShare ? "error" : random() < 0.01 ? "cancelled" : "ok";
    const isCounted = outcome === "ok";
    const usage: TokenUsage = usageOf(work, trouble, size);
    const { provider, model, attribution } = work;
    const cost: CallCost = pricer.priceCall(usage, { provider, model, timeMs: clock.now() });
    const amounts = {
      nanoUsd: cost.totalNanoUsd,
      tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0),
    };
    const event = eventOf(work, { id, usage, cost, size, timeMs: clock.now() });
    const decision = await budget.reserve({
      id,
      attribution,
      provider,
      model,
      expected: () => amounts,
      bound: () => amounts,
    });
    if (!decision.granted) {
      budget.record({
        ...event,
        usage: undefined,
        outcome: "refused",
        errorType: "tollgate_budget_exceeded",
      });
      return;
    }
    const { lease } = decision;
    if (isCounted && isLate) {
      underWay.push(async () => {
        await lease.settle(amounts);
        budget.record({ ...event, timeMs: clock.now() });
      });
    } else if (isCounted || outcome === "cancelled") {
      await lease.settle(amounts);
      budget.record({ ...event, outcome, estimated: outcome === "cancelled" });
    } else {
      await lease.release();
      budget.record({
        ...event,
        usage: undefined,
        outcome,
        errorType: trouble.errorType,
        cost: { totalNanoUsd: 0, parts: {}, priceSource: "catalogue" },
      });
    }
    if (work.instance !== "collector") recordRuns(budget, work, size);
  }

  function recordRuns(
    budget: BudgetProcessor,
    { attribution, seconds }: Workload,
    size: number,
  ): void {
    if (random() > 0.3) return;
    const { agent = "" } = attribution;
    const run = { attribution, outcome: "completed", errorType: undefined } as const;
    const inferenceCalls = 1 + Math.floor(5 * random() * size);
    budget.recordRun({
      ...run,
      kind: "agent",
      name: agent,
      durationMs: inferenceCalls * seconds * 1_000,
      inferenceCalls,
      toolCalls: inferenceCalls - 1,
    });
    budget.recordRun({
      ...run,
      kind: "tool",
      name: random() < 0.5 ? "search" : "read_file",
      type: "function",
      durationMs: 150 + 900 * random(),
    });
    if (random() < 0.5) {
      const workflow = attribution.project === "helpdesk" ? "support" : "report";
      budget.recordRun({
        ...run,
        kind: "task",
        id: "task",
        workflow,
        durationMs: inferenceCalls * seconds * 1_500,
      });
    }
  }
}

function usageOf(work: Workload, { cacheFactor }: Trouble, size: number): TokenUsage {
  const inputTokens = Math.round(work.inputTokens * size);
  const outputTokens = Math.round(work.outputTokens * size);
  const cacheReadTokens = Math.round(inputTokens * work.cacheShare * cacheFactor);
  return {
    inputTokens,
    outputTokens,
    ...(cacheReadTokens > 0 && { cacheReadTokens }),
    ...(work.provider === "anthropic" && { cacheWriteTokens: Math.round(inputTokens * 0.04) }),
    ...(work.reasoningShare > 0 && {
      reasoningTokens: Math.round(outputTokens * work.reasoningShare),
    }),
  };
}

interface Facts {
  readonly id: string;
  readonly usage: TokenUsage;
  readonly cost: CallCost;
  readonly size: number;
  readonly timeMs: number;
}

function eventOf(work: Workload, { id, usage, cost, size, timeMs }: Facts): UsageEvent {
  const durationMs = work.seconds * 1_000 * (0.5 + size);
  return {
    id,
    timeMs,
    attribution: work.attribution,
    provider: work.provider,
    operation: "chat",
    api: "openai.chat",
    requestModel: work.model,
    responseModel: work.model,
    responseId: undefined,
    streaming: work.streaming,
    usage,
    additionalUsage: [],
    estimated: false,
    cost,
    outcome: "ok",
    errorType: undefined,
    finishReasons: ["stop"],
    toolCalls: [],
    durationMs,
    timeToFirstChunkMs: work.streaming ? durationMs * 0.12 : undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
  };
}

/** What a collector says of what it receives: its own instruments, without a collector behind them. */
function observeReceiver({ meter }: Scraped, random: () => number): (calls: number) => void {
  const counter = counterOn(meter);
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

function counterOn(meter: Meter) {
  return ({ name, unit }: { readonly name: string; readonly unit: string }) =>
    meter.createCounter(name, { unit });
}
