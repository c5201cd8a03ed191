import { diag, DiagLogLevel } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { METRIC_COST_USD, METRIC_REQUESTS } from "@tollgate/core/semconv";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createSdkAggregates } from "../src/aggregates/index.ts";
import { createBudgetProcessor, parsePolicies, type BudgetProcessorOptions } from "../src/index.ts";
import { by, now, policy, refusal } from "./budget-call.ts";
import { ATLAS, event } from "./usage-event.ts";

const ADVISORY = policy({ id: "advisory", each: ["project"], guarantee: "advisory" });

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

  test("go on counting under a limit that is edited, and from the edit on for a new budget", async () => {
    const { processor, decide } = start();
    await vi.advanceTimersByTimeAsync(5_000);
    processor.record(event(6));
    await vi.advanceTimersByTimeAsync(5_000);
    const edited = { ...ADVISORY, limit: { usd: 8 } };
    const added = { ...ADVISORY, id: "added", limit: { usd: 3 } };
    processor.replacePolicies({ policies: parsePolicies([edited, added]) });
    expect(decide().granted).toBe(true);
    processor.record(event(2));
    expect(refusal(decide())).toMatchObject({ budget: "advisory", limit: 8e9, remaining: 0 });
    processor.record(event(1));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await processor.states()).toMatchObject([
      { budget: "advisory", aggregate: 9e9 },
      { budget: "added", aggregate: 3e9 },
    ]);
  });

  test("may be decided on by the first budget that is added", async () => {
    const { processor, decide } = start({ policies: [] });
    await vi.advanceTimersByTimeAsync(5_000);
    processor.replacePolicies({ policies: parsePolicies([ADVISORY]) });
    processor.record(event(10));
    expect(decide().granted).toBe(false);
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
