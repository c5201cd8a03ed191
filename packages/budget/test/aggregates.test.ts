import { createServer } from "node:http";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { UsageEvent } from "@tollgate/core";
import { METRIC_COST_USD, METRIC_REQUESTS } from "@tollgate/core/semconv";
import { captureTelemetry, createFakeClock } from "@tollgate/testkit";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createPromQlAggregates, createSdkAggregates } from "../src/aggregates/index.ts";
import { createBudgetProcessor, type BudgetProcessorOptions } from "../src/index.ts";
import { by, dollars, now, policy, refusal } from "./budget-call.ts";

const ATLAS = { project: "atlas" };
const ADVISORY = policy({ id: "advisory", each: ["project"], guarantee: "advisory" });

function event(usd: number, options: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: "event",
    timeMs: 0,
    attribution: ATLAS,
    provider: "openai",
    operation: "chat",
    api: "openai.chat",
    requestModel: "gpt-5",
    responseModel: "gpt-5",
    responseId: undefined,
    streaming: false,
    usage: { inputTokens: 90, outputTokens: 10 },
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
    ...options,
  };
}

function start(options: Partial<BudgetProcessorOptions> = {}) {
  const source = createSdkAggregates();
  const provider = new MeterProvider({ readers: [source.reader] });
  const processor = createBudgetProcessor({
    policies: [ADVISORY],
    random: () => 0.5,
    aggregateSource: source,
    ...options,
  });
  processor.bind(provider.getMeter("tollgate"));
  onTestFinished(() => processor.shutdown());
  const decide = (attribution = ATLAS) => now(processor.reserve(by(attribution)));
  return { processor, other: provider.getMeter("other"), decide };
}

function nothing(): void {}

function failing(): never {
  throw new Error("away");
}

describe("aggregates of an app's own SDK", () => {
  beforeEach(() => {
    vi.useFakeTimers({
      now: Date.UTC(2026, 2, 4, 23, 59),
      toFake: ["setTimeout", "Date", "performance"],
    });
  });
  afterEach(() => vi.useRealTimers());

  test("count what another instrumentation counts by our names, by its labels", async () => {
    const { other, decide } = start();
    const cost = other.createCounter(METRIC_COST_USD.name, { unit: METRIC_COST_USD.unit });
    cost.add(12, { "tollgate.project": "atlas" });
    cost.add(3, { "tollgate.project": "borealis" });
    cost.add(3);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(refusal(decide())).toMatchObject({
      budget: "advisory",
      reason: "exceeded",
      remaining: -2e9,
      resetsAtMs: Date.UTC(2026, 2, 5),
    });
    expect(decide({ project: "borealis" }).granted).toBe(true);
  });

  test("count a call of this app at once, and once after it is collected", async () => {
    const { processor, decide } = start();
    await vi.advanceTimersByTimeAsync(5_000);
    processor.record(event(6));
    expect(decide().granted).toBe(true);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await processor.states()).toMatchObject([{ aggregate: 6e9, spent: 0 }]);
    processor.record(event(4));
    expect(refusal(decide())).toMatchObject({ remaining: 0 });
  });

  test("forget what was spent when the window turns", async () => {
    const { processor, decide } = start();
    await vi.advanceTimersByTimeAsync(5_000);
    processor.record(event(10));
    expect(decide().granted).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(decide().granted).toBe(true);
  });

  test("count tokens of every kind, and requests but for refused and failed ones", async () => {
    const { processor, other } = start({
      policies: [
        policy({ id: "all", limit: { tokens: 1_000, requests: 10 }, guarantee: "advisory" }),
      ],
    });
    other.createCounter(METRIC_REQUESTS.name).add(1, { "tollgate.outcome": "refused" });
    processor.record(event(1));
    processor.record(event(1, { estimated: true }));
    processor.record(event(0, { outcome: "refused", usage: undefined }));
    processor.record(event(0, { outcome: "error", usage: undefined }));
    await vi.advanceTimersByTimeAsync(5_000);
    now(processor.reserve(by(ATLAS)));
    expect(await processor.states()).toMatchObject([
      { unit: "tokens", aggregate: 200 },
      { unit: "requests", aggregate: 2 },
    ]);
  });

  test("say once that no provider has their reader, and let pass meanwhile", async () => {
    const warn = vi.fn<(message: string) => void>();
    diag.setLogger(
      { warn, error: nothing, info: nothing, debug: nothing, verbose: nothing },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
    onTestFinished(() => diag.disable());
    const source = createSdkAggregates();
    const processor = createBudgetProcessor({ policies: [ADVISORY], aggregateSource: source });
    onTestFinished(() => processor.shutdown());
    processor.record(event(50));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toMatch(/no MeterProvider has their reader/);
    expect(now(processor.reserve(by(ATLAS))).granted).toBe(true);
  });
});

/** What answers every query. */
async function serve(answer: () => { readonly status?: number; readonly text: string }) {
  const queries: URLSearchParams[] = [];
  const headers: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      queries.push(new URLSearchParams(body));
      headers.push(request.headers.authorization);
      const { status = 200, text } = answer();
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/prefix/`, queries, headers };
}

const vector = (...usd: readonly number[]) =>
  JSON.stringify({
    status: "success",
    data: {
      resultType: "vector",
      result: usd.map((value, index) => ({
        metric: {
          tollgate_project: "atlas",
          tollgate_part: `${index === 0 ? "fleet" : "own"} ${index}`,
        },
        value: [0, String(value)],
      })),
    },
  });

describe("aggregates of a Prometheus", () => {
  const START = Date.UTC(2026, 2, 4, 12);

  async function read(
    answer: () => { readonly status?: number; readonly text: string },
    input = ADVISORY,
    { startMs = START, refreshSeconds = 0.02 } = {},
  ) {
    const server = await serve(answer);
    const clock = createFakeClock(startMs);
    const telemetry = captureTelemetry();
    const processor = createBudgetProcessor({
      policies: [input],
      clock,
      aggregateSource: createPromQlAggregates({
        url: server.url,
        headers: { Authorization: "Bearer secret" },
        refreshSeconds,
        maxAgeSeconds: 600,
      }),
    });
    processor.bind(telemetry.meterProvider.getMeter("test"));
    onTestFinished(async () => {
      await processor.shutdown();
      await telemetry.shutdown();
    });
    const decide = () => now(processor.reserve(by(ATLAS)));
    const answered = (times: number) =>
      expect.poll(() => server.queries.length, { timeout: 5_000 }).toBeGreaterThan(times);
    return { ...server, clock, telemetry, processor, decide, answered };
  }

  test("ask from midnight in the policy's zone, with the headers that are given", async () => {
    const { answered, queries, headers } = await read(() => ({ text: vector() }), {
      ...ADVISORY,
      match: { agent: 'a"b*', model: "gpt-5" },
      timezone: "America/New_York",
    });
    await answered(0);
    expect(headers[0]).toBe("Bearer secret");
    // Midnight in New York is 05:00 UTC.
    expect(queries[0]?.get("query")).toContain(
      'tollgate_cost_usd_total{tollgate_agent!="",tollgate_agent=~"a\\"b.*",gen_ai_request_model="gpt-5",tollgate_project!=""}[25200000ms]',
    );
    expect(queries[0]?.get("time")).toBe((START / 1_000).toFixed(3));
  });

  test("take this process's share out of the sum and put its own count in", async () => {
    const { answered, processor, decide } = await read(() => ({ text: vector(9, 4) }));
    await answered(1);
    processor.record(event(4));
    expect(decide().granted).toBe(true);
    expect(await processor.states()).toMatchObject([{ aggregate: 9e9 }]);
    processor.record(event(1));
    expect(refusal(decide())).toMatchObject({ remaining: 0, resetsAtMs: Date.UTC(2026, 2, 5) });
  });

  test("know nothing of a window that has just turned but what this process spent in it", async () => {
    const once = { startMs: Date.UTC(2026, 2, 4, 23, 59, 59), refreshSeconds: 3_600 };
    const { clock, decide, processor } = await read(() => ({ text: vector(50) }), ADVISORY, once);
    processor.record(event(1));
    await expect.poll(() => decide().granted).toBe(false);
    await clock.advance(2_000);
    expect(decide().granted).toBe(true);
    processor.record(event(10));
    expect(refusal(decide())).toMatchObject({ remaining: 0, resetsAtMs: Date.UTC(2026, 2, 6) });
  });

  test.each([
    ["a page", { text: "<html>Log in</html>" }],
    ["an error", { status: 422, text: '{"status":"error","error":"parse error"}' }],
    ["a matrix", { text: '{"status":"success","data":{"resultType":"matrix","result":[]}}' }],
    [
      "half an answer",
      { text: '{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}}' },
    ],
    [
      "a warning",
      {
        text: '{"status":"success","warnings":["a store is away"],"data":{"resultType":"vector","result":[]}}',
      },
    ],
    ["no number", { text: vector(Number.NaN) }],
    ["nothing", { text: "" }],
    ["a part of JSON", { text: '{"status":"succ' }],
  ])("go on with the last reading when the answer is %s", async (_what, bad) => {
    let answer: { status?: number; text: string } = { text: vector(50) };
    const { answered, queries, decide, telemetry } = await read(() => answer);
    await answered(1);
    expect(decide().granted).toBe(false);
    answer = bad;
    await answered(queries.length + 2);
    expect(decide().granted).toBe(false);
    expect(
      await telemetry.value("tollgate_budget_aggregates_failures_total", {
        tollgate_budget: "advisory",
      }),
    ).toBeGreaterThan(0);
    expect(await telemetry.value("tollgate_budget_aggregates_age_seconds")).toBe(0);
  });

  test("show what they say, and how far the ledger is from it", async () => {
    const { answered, processor, telemetry } = await read(() => ({ text: vector(8) }));
    await answered(1);
    const decision = now(processor.reserve(by(ATLAS)));
    if (decision.granted) void decision.lease.settle(dollars(3));
    const labels = { tollgate_budget: "advisory", tollgate_project: "atlas" };
    expect(await telemetry.value("tollgate_budget_aggregate_usd", labels)).toBe(8);
    expect(await telemetry.value("tollgate_budget_divergence_usd", labels)).toBe(5);
    expect(await telemetry.value("tollgate_process_info")).toBe(1);
  });
});

const open = (input: Partial<typeof ADVISORY>) => () =>
  createBudgetProcessor({
    policies: [policy(input)],
    aggregateSource: createPromQlAggregates({ url: "http://127.0.0.1:9" }),
  });

describe("a policy on aggregates", () => {
  test("that promises more than they can is refused", () => {
    expect(open({ decideOn: "aggregates" })).toThrow(
      /guarantee: metrics lag behind and cannot deny/,
    );
    expect(open({ decideOn: "aggregates", onExceed: "throttle", guarantee: "hard" })).toThrow(
      /cannot throttle as hard/,
    );
  });

  test("that they cannot read is refused", () => {
    expect(open({ guarantee: "advisory", each: ["user"] })).toThrow(
      /each: metrics have no label for user/,
    );
    expect(open({ guarantee: "advisory", window: "total" })).toThrow(/window "total"/);
    expect(() =>
      createBudgetProcessor({ policies: [{ ...ADVISORY, decideOn: "aggregates" }] }),
    ).toThrow(/there are no aggregates/);
  });

  test("is refused also while the ledger is away", async () => {
    const source = createSdkAggregates();
    const opened = {
      ...source,
      open: () => ({ spent: () => 11e9, record() {}, bind: () => () => {}, close() {} }),
    };
    const store = {
      scope: "shared" as const,
      reserve: failing,
      settle: failing,
      release: failing,
      renew: failing,
      states: failing,
      close() {},
    };
    const processor = createBudgetProcessor({
      policies: [ADVISORY],
      store,
      aggregateSource: opened,
    });
    expect(refusal(now(processor.reserve(by(ATLAS))))).toMatchObject({
      reason: "exceeded",
      remaining: -1e9,
    });
  });
});
