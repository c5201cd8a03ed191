import { isTollgateError } from "@tollgate/core";
import { AggregationTemporality } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { createMetering } from "../src/index.ts";
import { captureMetrics } from "./capture-metrics.ts";
import { LABELS, usageEvent } from "./usage-events.ts";

const INPUT = "gen_ai.client.inference.usage.input_tokens";
const DURATION = "gen_ai.client.inference.duration";

describe("binding to meters", () => {
  it("exports what was counted before, but for histograms", async () => {
    const metering = createMetering();
    metering.record(usageEvent());
    const { meter, collect } = captureMetrics();
    metering.bind(meter);
    const snapshot = await collect();
    expect(snapshot.sums(INPUT)).toMatchObject([{ value: 1_000 }]);
    expect(snapshot.histograms(DURATION)).toEqual([]);
  });

  it("exports all counters to every meter, and histograms to the last", async () => {
    const metering = createMetering();
    const first = captureMetrics();
    const second = captureMetrics();
    metering.bind(first.meter);
    metering.record(usageEvent());
    metering.bind(second.meter);
    metering.record(usageEvent());
    const [early, late] = [await first.collect(), await second.collect()];
    expect(early.sums(INPUT)).toMatchObject([{ value: 2_000 }]);
    expect(late.sums(INPUT)).toMatchObject([{ value: 2_000 }]);
    expect(early.histograms(DURATION)).toMatchObject([{ value: { count: 1 } }]);
    expect(late.histograms(DURATION)).toMatchObject([{ value: { count: 1 } }]);
  });

  it("ends with its function, and histograms go back to the meter before", async () => {
    const metering = createMetering();
    const first = captureMetrics();
    const second = captureMetrics();
    metering.bind(first.meter);
    const unbind = metering.bind(second.meter);
    metering.record(usageEvent());
    expect((await second.collect()).sums("tollgate.requests")).toMatchObject([{ value: 1 }]);
    unbind();
    unbind();
    metering.record(usageEvent());
    expect((await first.collect()).histograms(DURATION)).toMatchObject([{ value: { count: 1 } }]);
    expect((await second.collect()).histograms(DURATION)).toMatchObject([{ value: { count: 1 } }]);
    expect((await second.collect()).sums("tollgate.requests")).not.toMatchObject([{ value: 2 }]);
  });

  it("exports differences to a reader that wants these", async () => {
    const metering = createMetering();
    const { meter, collect } = captureMetrics(AggregationTemporality.DELTA);
    metering.bind(meter);
    const counted = async () => (await collect()).sums(INPUT).map(({ value }) => value);
    metering.record(usageEvent());
    expect(await counted()).toEqual([1_000]);
    metering.record(usageEvent());
    metering.record(usageEvent());
    expect(await counted()).toEqual([2_000]);
    expect(await counted()).toEqual([0]);
  });
});

describe("totals", () => {
  it("sum up every label set since the start, estimated tokens included", () => {
    const metering = createMetering();
    metering.record(usageEvent());
    metering.record(usageEvent({ estimated: true }));
    metering.record(usageEvent({ attribution: { agent: "writer" } }));
    expect(metering.totals()).toEqual([
      {
        labels: LABELS,
        costNanoUsd: 900_000,
        inputTokens: 2_000,
        outputTokens: 1_000,
        requests: 2,
      },
      {
        labels: expect.objectContaining({ "tollgate.agent": "writer" }),
        costNanoUsd: 450_000,
        inputTokens: 1_000,
        outputTokens: 500,
        requests: 1,
      },
    ]);
  });
});

describe("options that make no sense are refused", () => {
  it.each([
    [
      { labels: ["task"] },
      'labels: "task" cannot be a metric label; use any of organization, project, agent',
    ],
    [{ maxSeries: 19 }, "maxSeries: 19 is not a whole number from 20 on"],
    [{ maxSeries: 100.5 }, "maxSeries: 100.5 is not a whole number"],
    [{ maxSeries: Number.NaN }, "maxSeries: NaN is not a whole number"],
  ])("%j", (options, message) => {
    let thrown: unknown;
    try {
      // @ts-expect-error what a caller without types may pass
      createMetering(options);
    } catch (error) {
      thrown = error;
    }
    expect(isTollgateError(thrown) && thrown.code).toBe("TOLLGATE_CONFIG_INVALID");
    expect(String(thrown)).toContain(message);
  });
});
