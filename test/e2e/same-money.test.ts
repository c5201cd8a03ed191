import { join } from "node:path";
import { nanoUsdToUsd, type TokenUsage } from "@tollgate/core";
import { openSqliteLedger } from "@tollgate/ledger/sqlite";
import { createPricer } from "@tollgate/pricing";
import { startFakeProvider, startPrometheus, type PrometheusServer } from "@tollgate/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { startApp, type RegisteredApp } from "./registered-app.ts";
import {
  newFolder,
  runCollector,
  summaryOf,
  totalsSchema,
  type CollectorProcess,
  type Totals,
} from "./running-collector.ts";

const CALLS = 1_000;
const LONG_MS = 120_000;

/** What the provider billed, call by call. */
interface Bill {
  readonly totals: Totals;
  /** What the next answer says it used; `undefined` for one that fails. */
  next(provider: string, model: string): TokenUsage | undefined;
}

function openBill(): Bill {
  const pricer = createPricer();
  const totals = {
    events: 0,
    tokens_in: 0,
    tokens_out: 0,
    cache_read_tokens: 0,
    cost_nano_usd: 0,
    failed_events: 0,
  };
  return {
    totals,
    next(provider, model) {
      const number = totals.events++;
      if (number % 20 === 7) {
        totals.failed_events++;
        return undefined;
      }
      const usage = {
        inputTokens: 1_000 + 7 * number,
        outputTokens: 100 + 13 * (number % 31),
        cacheReadTokens: number % 4 === 0 ? 0 : 401 + number,
      };
      totals.tokens_in += usage.inputTokens;
      totals.tokens_out += usage.outputTokens;
      totals.cache_read_tokens += usage.cacheReadTokens;
      const cost = pricer.priceCall(usage, { provider, model, timeMs: Date.now() });
      totals.cost_nano_usd += cost.totalNanoUsd ?? Number.NaN;
      return usage;
    },
  };
}

async function startBilling() {
  const bill = openBill();
  const provider = await startFakeProvider({
    respond({ api = "", body }) {
      const usage = bill.next(api.split(".")[0] ?? "", String(body["model"]));
      return usage === undefined ? { status: 500 } : { usage };
    },
  });
  onTestFinished(() => provider.close());
  return { bill, provider };
}

const budgetsSchema = z.object({
  budgets: z.array(
    z.object({ counters: z.array(z.object({ spent: z.number(), reserved: z.number() })) }),
  ),
});

/** One store and one ledger for all processes. */
function yamlIn(folder: string): string {
  return `
budgets:
  - { id: everything, limit: { usd: 100000 }, window: total }
store: { sqlite: ${join(folder, "budget.db")} }
ledger: { sqlite: ${join(folder, "ledger.db")} }
collector: { dedupWindowSeconds: 3 }
`;
}

interface Workload {
  readonly app: RegisteredApp;
  readonly bill: Bill;
}

async function startWorkload(
  folder: string,
  { metered, collector }: { metered: boolean; collector?: CollectorProcess },
): Promise<Workload> {
  const { bill, provider } = await startBilling();
  const app = await startApp({
    script: "workload.mjs",
    calls: [String(CALLS)],
    yaml: yamlIn(folder),
    nodeArgs: metered ? ["--import", "@tollgate/node/register"] : [],
    env: {
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      ANTHROPIC_BASE_URL: provider.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector?.url,
      OTEL_METRICS_EXPORTER: "prometheus",
    },
  });
  return { app, bill };
}

async function watch(...targets: readonly string[]): Promise<PrometheusServer> {
  const prometheus = await startPrometheus({ targets, scrapeIntervalMs: 250 });
  onTestFinished(() => prometheus.stop());
  return prometheus;
}

/** Every place that shows money and tokens shows what the provider billed. */
async function expectSame(
  { totals }: Bill,
  folder: string,
  collector: CollectorProcess,
): Promise<void> {
  const ledger = openSqliteLedger({ path: join(folder, "ledger.db") });
  const told = await ledger.summary({ organization: "acme" });
  await ledger.close();
  expect({
    events: told.events,
    tokens_in: told.inputTokens,
    tokens_out: told.outputTokens,
    cache_read_tokens: told.cacheReadTokens,
    cost_nano_usd: told.costNanoUsd,
    failed_events: told.failedEvents,
  }).toEqual(totals);

  expect(await summaryOf(collector)).toEqual(totals);
  const asked = { scope: "organization", id: "acme" };
  expect(await collector.callTool("get_token_summary", asked, totalsSchema)).toEqual(totals);

  const { budgets } = await collector.get("/v1/budgets", budgetsSchema);
  const [counter] = budgets.flatMap(({ counters }) => counters);
  expect(counter?.reserved).toBe(0);
  expect(Math.round((counter?.spent ?? 0) * 1e9)).toBe(totals.cost_nano_usd);
}

const COST = "tollgate_cost_usd_total";
/** What was counted in an hour: `increase` does not see the value that a series begins with. */
const IN_THE_HOUR = `sum(increase(${COST}[1h])) + sum(min_over_time(${COST}[1h]) unless ${COST} offset 1h)`;

async function expectMetrics(prometheus: PrometheusServer, { totals }: Bill): Promise<void> {
  const usd = nanoUsdToUsd(totals.cost_nano_usd);
  const [cost] = await prometheus.queryUntil(
    `sum(${COST})`,
    ([answer]) => answer !== undefined && Math.round(answer.value * 1e9) >= totals.cost_nano_usd,
  );
  expect(Math.round((cost?.value ?? 0) * 1e9)).toBe(totals.cost_nano_usd);
  const [tokens] = await prometheus.query("sum(gen_ai_client_inference_usage_output_tokens_total)");
  expect(tokens?.value).toBe(totals.tokens_out);
  const [requests] = await prometheus.query("sum(tollgate_requests_total)");
  expect(requests?.value).toBe(totals.events);
  // Prometheus extrapolates what it saw growing by half a scrape at both ends: little, once there are scrapes enough.
  await prometheus.queryUntil(
    IN_THE_HOUR,
    ([answer]) => answer !== undefined && Math.abs(answer.value / usd - 1) < 0.05,
  );
}

async function end({ app }: RegisteredApp): Promise<void> {
  app.endInput();
  expect(await app.exited).toMatchObject({ code: 0, stderr: "" });
}

async function untilAllIsBooked(collector: CollectorProcess, events: number): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await summaryOf(collector)).toMatchObject({ events });
      expect(await countIn(collector, "waiting")).toBe(0);
    },
    { timeout: LONG_MS, interval: 500 },
  );
}

describeWithServer("prometheus", "1,000 calls cost what the provider billed, everywhere", () => {
  test("metered in the app alone", { timeout: 3 * LONG_MS }, async () => {
    const folder = await newFolder();
    const { app, bill } = await startWorkload(folder, { metered: true });
    const prometheus = await watch(await app.metricsUrl());
    await app.app.untilStdout(/called/);
    expect(bill.totals.events).toBe(CALLS);
    await expectMetrics(prometheus, bill);
    await end(app);
    await expectSame(bill, folder, await runCollector(folder, yamlIn(folder)));
  });

  test(
    "told by the AI SDK's own telemetry to a collector alone",
    { timeout: 3 * LONG_MS },
    async () => {
      const folder = await newFolder();
      const collector = await runCollector(folder, yamlIn(folder));
      const prometheus = await watch(`${collector.url}/metrics`);
      const { app, bill } = await startWorkload(folder, { metered: false, collector });
      await app.app.untilStdout(/called/);
      expect(bill.totals.events).toBe(CALLS);
      await end(app);
      await untilAllIsBooked(collector, CALLS);
      await expectMetrics(prometheus, bill);
      await expectSame(bill, folder, collector);
    },
  );

  test("both at once, over one store and one ledger", { timeout: 3 * LONG_MS }, async () => {
    const folder = await newFolder();
    const collector = await runCollector(folder, yamlIn(folder));
    const { app, bill } = await startWorkload(folder, { metered: true, collector });
    const prometheus = await watch(await app.metricsUrl(), `${collector.url}/metrics`);
    await app.app.untilStdout(/called/);
    expect(bill.totals.events).toBe(CALLS);
    await untilAllIsBooked(collector, CALLS);
    // What is measured in the app is added to the SDK's own spans: these come again under the ids of the calls.
    await expectMetrics(prometheus, bill);
    await end(app);
    await expectSame(bill, folder, collector);
  });
});

async function countIn(collector: CollectorProcess, state: string): Promise<number> {
  const schema = z.object({ events: z.array(z.object({})) });
  const path = `/v1/token-events?limit=1000&state=${state}`;
  return (await collector.get(path, schema)).events.length;
}
