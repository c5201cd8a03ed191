import type { CostType } from "@tollgate/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMetering } from "../src/index.ts";
import { captureMetrics, type Snapshot } from "./capture-metrics.ts";
import { usageEvent } from "./usage-events.ts";

const OUTCOMES = ["ok", "error", "cancelled", "refused"] as const;
const COUNTERS = [
  "gen_ai.client.inference.usage.input_tokens",
  "gen_ai.client.inference.usage.output_tokens",
  "tollgate.cost.usd",
  "tollgate.requests",
] as const;

const OPERATION_INPUT = "gen_ai.client.inference.operation.input_tokens";

function total(snapshot: Snapshot, name: string): number {
  return snapshot.sums(name).reduce((sum, point) => sum + point.value, 0);
}

function overflow(snapshot: Snapshot, name: string) {
  return snapshot
    .sums(name)
    .filter(({ attributes }) => attributes["otel.metric.overflow"] === true);
}

describe("with 5,000 agents", () => {
  const metering = createMetering();
  const capture = captureMetrics();
  metering.bind(capture.meter);
  const costTypes: CostType[] = ["input", "output", "cache_read", "cache_write", "tool"];
  for (let agent = 0; agent < 5_000; agent++) {
    for (const outcome of OUTCOMES) {
      metering.record(
        usageEvent({
          attribution: { agent: `agent-${agent}` },
          outcome,
          errorType: outcome === "error" ? `e${agent % 100}` : undefined,
          usage: { inputTokens: 10, audioInputTokens: 4, imageInputTokens: 3, outputTokens: 2 },
          cost: {
            totalNanoUsd: 5_000_000,
            parts: Object.fromEntries(costTypes.map((type) => [type, 1_000_000])),
            priceSource: "catalogue",
          },
        }),
      );
    }
  }

  it("no instrument has more than 1,900 series", async () => {
    const snapshot = await capture.collect();
    const counts = COUNTERS.map((name) => snapshot.sums(name).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(1_900);
    expect(Math.min(...counts)).toBeGreaterThan(1_800);
    expect(snapshot.histograms("gen_ai.client.inference.duration")).toHaveLength(1_900);
    expect(snapshot.histograms(OPERATION_INPUT)).toHaveLength(1_900);
  });

  it("every sum is right", async () => {
    const snapshot = await capture.collect();
    expect(total(snapshot, "tollgate.requests")).toBe(20_000);
    expect(total(snapshot, "gen_ai.client.inference.usage.input_tokens")).toBe(150_000);
    expect(total(snapshot, "gen_ai.client.inference.usage.output_tokens")).toBe(30_000);
    expect(total(snapshot, "tollgate.cost.usd")).toBeCloseTo(75, 9);
    const durations = snapshot.histograms("gen_ai.client.inference.duration");
    expect(durations.reduce((sum, point) => sum + point.value.count, 0)).toBe(15_000);
  });

  it("the overflow keeps outcomes, cost types and modalities apart", async () => {
    const snapshot = await capture.collect();
    const values = (name: string, attribute: string) =>
      overflow(snapshot, name).map(({ attributes }) => attributes[attribute]);
    expect(values("tollgate.requests", "tollgate.outcome")).toEqual(
      expect.arrayContaining([...OUTCOMES]),
    );
    expect(values("tollgate.cost.usd", "tollgate.cost.type")).toEqual(
      expect.arrayContaining(costTypes),
    );
    expect(values("gen_ai.client.inference.usage.input_tokens", "gen_ai.token.modality")).toEqual(
      expect.arrayContaining(["unknown", "audio", "image"]),
    );
    const byOutcome = (outcome: string) =>
      snapshot
        .sums("tollgate.requests")
        .filter(({ attributes }) => attributes["tollgate.outcome"] === outcome)
        .reduce((sum, point) => sum + point.value, 0);
    expect(OUTCOMES.map(byOutcome)).toEqual([5_000, 5_000, 5_000, 5_000]);
  });

  it("the totals are right and end in one overflow entry", () => {
    const totals = metering.totals();
    expect(totals).toHaveLength(1_900);
    expect(totals.at(-1)?.labels).toEqual({ "otel.metric.overflow": true });
    expect(totals.reduce((sum, one) => sum + one.requests, 0)).toBe(20_000);
    expect(totals.reduce((sum, one) => sum + one.costNanoUsd, 0)).toBe(15_000 * 5_000_000);
  });
});

describe("for all traffic", () => {
  const call = fc.record({
    agent: fc.nat(60).map(String),
    outcome: fc.constantFrom(...OUTCOMES),
    inputTokens: fc.nat(1_000),
    outputTokens: fc.nat(1_000),
    audioInputTokens: fc.nat(2_000),
    nanoUsd: fc.nat(1_000_000_000),
    errorType: fc.option(fc.nat(60).map(String), { nil: undefined }),
  });

  it("limits hold and sums stay right; no series is ever taken back or lowered", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(call, { maxLength: 60 }), { maxLength: 4 }),
        fc.integer({ min: 20, max: 60 }),
        async (batches, maxSeries) => {
          const metering = createMetering({ maxSeries });
          const capture = captureMetrics();
          metering.bind(capture.meter);
          const seen = new Map<string, number>();
          const lowered: string[] = [];
          for (const batch of batches) {
            for (const { agent, outcome, nanoUsd, errorType, ...usage } of batch) {
              metering.record(
                usageEvent({
                  attribution: { agent },
                  outcome,
                  errorType,
                  usage,
                  cost: {
                    totalNanoUsd: nanoUsd,
                    parts: { input: nanoUsd },
                    priceSource: "catalogue",
                  },
                }),
              );
            }
            // oxlint-disable-next-line no-await-in-loop -- collections follow each other
            const snapshot = await capture.collect();
            const now = new Map<string, number>();
            for (const name of COUNTERS) {
              const points = snapshot.sums(name);
              if (points.length > maxSeries) lowered.push(`${name} has too many series`);
              for (const { attributes, value } of points)
                now.set(name + JSON.stringify(attributes), value);
            }
            for (const [series, value] of seen) {
              if (!((now.get(series) ?? -1) >= value)) lowered.push(series);
            }
            for (const [series, value] of now) seen.set(series, value);
          }
          expect(lowered).toEqual([]);
          const calls = batches.flat();
          const sent = calls.filter(({ outcome }) => outcome !== "refused");
          const snapshot = await capture.collect();
          expect(
            snapshot.histograms("gen_ai.client.inference.duration").length,
          ).toBeLessThanOrEqual(maxSeries);
          expect(total(snapshot, COUNTERS[0])).toBe(
            sent.reduce((sum, one) => sum + one.inputTokens, 0),
          );
          expect(total(snapshot, COUNTERS[1])).toBe(
            sent.reduce((sum, one) => sum + one.outputTokens, 0),
          );
          expect(total(snapshot, COUNTERS[2])).toBeCloseTo(
            sent.reduce((sum, one) => sum + one.nanoUsd, 0) / 1e9,
            9,
          );
          expect(total(snapshot, COUNTERS[3])).toBe(calls.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
