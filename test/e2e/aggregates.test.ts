import { createServer } from "node:http";
import { createBudgetProcessor, type BudgetProcessor, type PolicyInput } from "@tollgate/budget";
import { createPromQlAggregates } from "@tollgate/budget/aggregates";
import type { Attribution, UsageEvent } from "@tollgate/core";
import { captureTelemetry, startPrometheus, type PrometheusServer } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { CHAT_USD, startApp, sumOf } from "./registered-app.ts";

const DAILY: PolicyInput = {
  id: "fleet",
  each: ["project"],
  limit: { usd: 10 },
  window: { rolling: "1h" },
  guarantee: "advisory",
};

let ids = 0;

function event(usd: number, attribution: Attribution): UsageEvent {
  return {
    id: `event-${++ids}`,
    timeMs: Date.now(),
    attribution,
    provider: "openai",
    operation: "chat",
    api: "openai.chat",
    requestModel: "gpt-5",
    responseModel: "gpt-5",
    responseId: undefined,
    streaming: false,
    usage: { inputTokens: usd * 100, outputTokens: usd * 10 },
    additionalUsage: [],
    estimated: false,
    cost: { totalNanoUsd: usd * 1e9, parts: { input: usd * 1e9 }, priceSource: "catalogue" },
    outcome: "ok",
    errorType: undefined,
    finishReasons: [],
    toolCalls: [],
    durationMs: 1,
    timeToFirstChunkMs: undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
  };
}

interface Member {
  readonly metricsUrl: string;
  /** Ends, and starts again at the same address. */
  restart(): Promise<void>;
  /** Begins to decide by what this Prometheus says. */
  join(url: string, policies?: readonly PolicyInput[]): BudgetProcessor;
}

/** One process of a fleet, with its own `/metrics`. */
async function startMember(): Promise<Member> {
  let telemetry = captureTelemetry();
  const server = createServer((_, response) => {
    void telemetry.prometheusText().then((text) => response.end(text));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await telemetry.shutdown();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    metricsUrl: `http://127.0.0.1:${port}/metrics`,
    async restart() {
      await telemetry.shutdown();
      telemetry = captureTelemetry();
    },
    join(url, policies = [DAILY]) {
      const processor = createBudgetProcessor({
        policies,
        aggregateSource: createPromQlAggregates({ url, refreshSeconds: 0.2, maxAgeSeconds: 2 }),
      });
      processor.bind(telemetry.meterProvider.getMeter("test"));
      onTestFinished(() => processor.shutdown());
      return processor;
    },
  };
}

async function startFleet(size: number): Promise<[readonly Member[], PrometheusServer]> {
  const members = await Promise.all(Array.from({ length: size }, startMember));
  const prometheus = await startPrometheus({
    targets: members.map(({ metricsUrl }) => metricsUrl),
    scrapeIntervalMs: 200,
  });
  onTestFinished(() => prometheus.stop());
  return [members, prometheus];
}

async function isLetThrough(processor: BudgetProcessor, attribution: Attribution) {
  const decision = await processor.reserve({
    id: `call-${++ids}`,
    attribution,
    provider: "openai",
    model: "gpt-5",
    expected: () => ({ nanoUsd: 0, tokens: 0 }),
    bound: () => ({ nanoUsd: 0, tokens: 0 }),
  });
  if (decision.granted) await decision.lease.release();
  return decision.granted ? true : decision.refusal;
}

const ATLAS = { project: "atlas" };

describeWithServer("prometheus", "advisory budgets on a real Prometheus", () => {
  test("deny on what the whole fleet spent, counters born between two scrapes included", async () => {
    const [[one, other], prometheus] = await startFleet(2);
    const first = one!.join(prometheus.url);
    const second = other!.join(prometheus.url);
    // Each series is born at its full value; neither process has spent the limit.
    first.record(event(6, ATLAS));
    second.record(event(6, ATLAS));
    second.record(event(3, { project: "borealis" }));
    await expect
      .poll(() => isLetThrough(first, ATLAS), { timeout: 30_000 })
      .toMatchObject({ budget: "fleet", reason: "exceeded", unit: "usd", remaining: -2e9 });
    await expect
      .poll(() => isLetThrough(second, ATLAS), { timeout: 30_000 })
      .toMatchObject({ budget: "fleet", remaining: -2e9 });
    expect(await isLetThrough(first, { project: "borealis" })).toBe(true);
    expect(await isLetThrough(second, { project: "cosmos" })).toBe(true);
  }, 60_000);

  test("count a burst of this process before its scrape, and count it once after it", async () => {
    const [[member], prometheus] = await startFleet(1);
    const processor = member!.join(prometheus.url, [{ ...DAILY, each: [], limit: { usd: 10 } }]);
    const aggregate = async () => (await processor.states())[0]?.aggregate;
    await expect.poll(aggregate, { timeout: 30_000 }).toBe(0);
    processor.record(event(4, ATLAS));
    expect(await aggregate()).toBe(4e9);
    await prometheus.queryUntil("sum(tollgate_cost_usd_total)", ([sum]) => sum?.value === 4);
    for (let more = 0; more < 8; more++) {
      processor.record(event(0.5, ATLAS));
      const spent = 4 + 0.5 * (more + 1);
      expect(await aggregate()).toBeGreaterThanOrEqual(spent * 1e9);
      // oxlint-disable-next-line no-await-in-loop -- growth over many scrapes
      await prometheus.queryUntil("sum(tollgate_cost_usd_total)", ([s]) => s?.value === spent);
    }
    expect(await aggregate()).toBeLessThanOrEqual(8.5e9);
  }, 60_000);

  test("keep what a process spent that has ended", async () => {
    const [[member, other], prometheus] = await startFleet(2);
    const policy = { ...DAILY, each: [] };
    const ended = member!.join(prometheus.url, [policy]);
    ended.record(event(7, ATLAS));
    await prometheus.queryUntil("sum(tollgate_cost_usd_total)", ([sum]) => sum?.value === 7);
    await ended.shutdown();
    const next = other!.join(prometheus.url, [policy]);
    next.record(event(1, ATLAS));
    await expect
      .poll(async () => (await next.states())[0]?.aggregate, { timeout: 30_000 })
      .toBe(8e9);
  }, 60_000);

  test("keep what a process spent before it started anew at the same address", async () => {
    const [[member], prometheus] = await startFleet(1);
    const policy = { ...DAILY, each: [] };
    const ended = member!.join(prometheus.url, [policy]);
    const spentSoFar = (usd: number) =>
      prometheus.queryUntil("sum(tollgate_cost_usd_total)", ([sum]) => sum?.value === usd);
    ended.record(event(0.5, ATLAS));
    await spentSoFar(0.5);
    ended.record(event(6.5, ATLAS));
    await spentSoFar(7);
    await ended.shutdown();
    await member!.restart();
    const next = member!.join(prometheus.url, [policy]);
    next.record(event(1, ATLAS));
    await spentSoFar(1);
    next.record(event(1, ATLAS));
    await spentSoFar(2);
    // Prometheus extrapolates counters that begin anew, much while it has few samples of them.
    const aggregate = async () => (await next.states())[0]?.aggregate;
    await expect.poll(aggregate).toBeGreaterThanOrEqual(8.5e9);
    expect(await aggregate()).toBeLessThan(13e9);
  }, 60_000);

  test("forget what has left a rolling window", async () => {
    const [[member, other], prometheus] = await startFleet(2);
    const policy = { ...DAILY, each: [], window: { rolling: "3s", buckets: 3 } };
    const [one, two] = [
      member!.join(prometheus.url, [policy]),
      other!.join(prometheus.url, [policy]),
    ];
    await expect.poll(() => isLetThrough(one, ATLAS), { timeout: 30_000 }).toBe(true);
    two.record(event(12, ATLAS));
    await expect
      .poll(() => isLetThrough(one, ATLAS), { timeout: 30_000 })
      .toMatchObject({ remaining: -2e9 });
    await expect.poll(() => isLetThrough(one, ATLAS), { timeout: 30_000 }).toBe(true);
    expect(await isLetThrough(two, ATLAS)).toBe(true);
  }, 60_000);

  test("go by onStoreError once Prometheus has been away for too long", async () => {
    const [[member], prometheus] = await startFleet(1);
    const policies = (["open", "closed", "bounded"] as const).map((onStoreError) => ({
      ...DAILY,
      id: onStoreError,
      match: { project: onStoreError },
      onStoreError,
    }));
    const processor = member!.join(prometheus.url, policies);
    await expect
      .poll(() => isLetThrough(processor, { project: "closed" }), { timeout: 30_000 })
      .toBe(true);
    for (const { id } of policies) processor.record(event(11, { project: id }));
    for (const { id: project } of policies) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other reads better when it fails
      expect(await isLetThrough(processor, { project })).toMatchObject({ reason: "exceeded" });
    }
    await prometheus.stop();
    await expect
      .poll(() => isLetThrough(processor, { project: "closed" }), { timeout: 30_000 })
      .toMatchObject({ budget: "closed", reason: "store_unavailable" });
    // The ledger has nothing booked.
    for (const project of ["open", "bounded"]) {
      // oxlint-disable-next-line no-await-in-loop
      await expect.poll(() => isLetThrough(processor, { project })).toBe(true);
    }
  }, 60_000);
});

test("an unmodified app decides on its own metrics when its tollgate.yaml says so", async () => {
  const app = await startApp({
    calls: ["chat", "chat"],
    yaml: `
aggregates: { sdk: true }
budgets: [{ id: own, limit: { usd: 1 }, window: day, guarantee: advisory }]
`,
  });
  await app.lines();
  const aggregate = async () =>
    sumOf(await app.samples(), "tollgate_budget_aggregate_usd", { tollgate_budget: "own" });
  // The first reading comes with the first five seconds.
  await expect.poll(aggregate, { timeout: 20_000, interval: 500 }).toBeCloseTo(2 * CHAT_USD, 9);
  expect(sumOf(await app.samples(), "tollgate_budget_divergence_usd")).toBeCloseTo(0, 9);
}, 30_000);
