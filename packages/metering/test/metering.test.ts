import { isTollgateError } from "@tollgate/core";
import { AggregationTemporality } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { createMetering, type MeteringOptions, type Metering } from "../src/index.ts";
import { captureMetrics, type Capture } from "./capture-metrics.ts";
import { usageEvent } from "./usage-events.ts";

const LABELS = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
  "tollgate.agent": "planner",
  "tollgate.organization": "acme",
  "tollgate.project": "atlas",
};
const INPUT = "gen_ai.client.inference.usage.input_tokens";
const OUTPUT = "gen_ai.client.inference.usage.output_tokens";
const DURATION = "gen_ai.client.inference.duration";
const FIRST_CHUNK = "gen_ai.client.inference.time_to_first_chunk";

function bound(options?: MeteringOptions): Capture & { readonly metering: Metering } {
  const metering = createMetering(options);
  const capture = captureMetrics();
  metering.bind(capture.meter);
  return { ...capture, metering };
}

describe("counters", () => {
  it("count the tokens that the provider reported, by model and attribution", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent());
    metering.record(usageEvent());
    const snapshot = await collect();
    const attributes = { ...LABELS, "gen_ai.token.modality": "unknown" };
    expect(snapshot.sums(INPUT)).toMatchObject([{ attributes, value: 2_000 }]);
    expect(snapshot.sums(OUTPUT)).toMatchObject([{ attributes, value: 1_000 }]);
  });

  it("count speech and images as such, and the rest as unknown", async () => {
    const { metering, collect } = bound();
    metering.record(
      usageEvent({
        usage: {
          inputTokens: 100,
          audioInputTokens: 60,
          imageInputTokens: 30,
          outputTokens: 10,
          audioOutputTokens: 99,
        },
      }),
    );
    const snapshot = await collect();
    const byModality = (name: string) =>
      Object.fromEntries(
        snapshot
          .sums(name)
          .map(({ attributes, value }) => [attributes["gen_ai.token.modality"], value]),
      );
    expect(byModality(INPUT)).toEqual({ audio: 60, image: 30, unknown: 10 });
    expect(byModality(OUTPUT)).toEqual({ audio: 10 });
  });

  it("count cached and reasoning tokens", async () => {
    const { metering, collect } = bound();
    metering.record(
      usageEvent({
        usage: {
          inputTokens: 100,
          cacheReadTokens: 50,
          cacheWriteTokens: 20,
          outputTokens: 40,
          reasoningTokens: 30,
        },
      }),
    );
    const snapshot = await collect();
    const value = (name: string) => snapshot.sums(name).map((point) => point.value);
    expect(value("gen_ai.client.inference.usage.cache_read.input_tokens")).toEqual([50]);
    expect(value("gen_ai.client.inference.usage.cache_write.input_tokens")).toEqual([20]);
    expect(value("gen_ai.client.inference.usage.reasoning.output_tokens")).toEqual([30]);
  });

  it("count the cost by type in US dollars", async () => {
    const { metering, collect } = bound();
    for (let call = 0; call < 1_000; call++) metering.record(usageEvent());
    const points = (await collect()).sums("tollgate.cost.usd");
    expect(
      points.map(({ attributes, value }) => [attributes["tollgate.cost.type"], value]),
    ).toEqual([
      ["input", 0.15],
      ["output", 0.3],
    ]);
  });

  it("count estimated tokens apart, never as reported ones", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent({ estimated: true }));
    const snapshot = await collect();
    expect(snapshot.sums(INPUT)).toEqual([]);
    expect(
      snapshot
        .sums("tollgate.tokens.estimated")
        .map(({ attributes, value }) => [attributes["tollgate.token.type"], value]),
    ).toEqual([
      ["input", 1_000],
      ["output", 500],
    ]);
    expect(snapshot.sums("tollgate.requests.estimated")).toMatchObject([{ value: 1 }]);
    expect(snapshot.histograms("gen_ai.client.inference.operation.input_tokens")).toEqual([]);
  });

  it("count tokens that are billed at another model's price under that model", async () => {
    const { metering, collect } = bound();
    metering.record(
      usageEvent({
        additionalUsage: [{ model: "gpt-4o", usage: { inputTokens: 7, outputTokens: undefined } }],
      }),
    );
    const points = (await collect()).sums(INPUT);
    expect(
      points.map(({ attributes, value }) => [attributes["gen_ai.response.model"], value]),
    ).toEqual([
      ["gpt-4o-mini-2024-07-18", 1_000],
      ["gpt-4o", 7],
    ]);
  });

  it("count every attempt by its outcome", async () => {
    const { metering, collect } = bound();
    for (const outcome of ["ok", "ok", "error", "cancelled"] as const) {
      metering.record(usageEvent({ outcome }));
    }
    const points = (await collect()).sums("tollgate.requests");
    expect(points.map(({ attributes, value }) => [attributes["tollgate.outcome"], value])).toEqual([
      ["ok", 2],
      ["error", 1],
      ["cancelled", 1],
    ]);
  });

  it("count a refused call as a request and as nothing else", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent({ outcome: "refused", errorType: "tollgate_budget_exceeded" }));
    const snapshot = await collect();
    expect(snapshot.names).toEqual(["tollgate.requests"]);
    expect(snapshot.sums("tollgate.requests")).toMatchObject([
      { attributes: { "tollgate.outcome": "refused" }, value: 1 },
    ]);
  });

  it("count calls whose tokens have no price, wholly or in part, but not those without tokens", async () => {
    const { metering, collect } = bound();
    const unpriced = { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" } as const;
    metering.record(usageEvent({ cost: unpriced }));
    metering.record(usageEvent({ cost: { ...usageEvent().cost, partial: true } }));
    metering.record(usageEvent({ cost: unpriced, usage: undefined, outcome: "error" }));
    metering.record(usageEvent({ cost: unpriced, usage: { inputTokens: 0, outputTokens: 0 } }));
    metering.record(usageEvent());
    const snapshot = await collect();
    expect(snapshot.sums("tollgate.requests.unpriced")).toMatchObject([{ value: 2 }]);
  });

  it("ignore counts that would spoil a sum", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent({ usage: { inputTokens: Number.NaN, outputTokens: -5 } }));
    metering.record(usageEvent({ usage: { inputTokens: Infinity, outputTokens: 5 } }));
    const snapshot = await collect();
    expect(snapshot.sums(INPUT)).toEqual([]);
    expect(snapshot.sums(OUTPUT)).toMatchObject([{ value: 5 }]);
  });

  it("leave out labels that are not known or empty", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent({ attribution: { agent: "" }, responseModel: undefined }));
    metering.record(usageEvent({ attribution: {}, responseModel: undefined }));
    expect((await collect()).sums("tollgate.requests")).toMatchObject([
      {
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "gpt-4o-mini",
          "tollgate.outcome": "ok",
        },
        value: 2,
      },
    ]);
  });

  it("keep label sets apart whose values only read the same when joined", async () => {
    const { metering, collect } = bound();
    const attributions = [
      { organization: "a", project: "bc" },
      { organization: "ab", project: "c" },
      { organization: "a1 b", project: "c" },
      { agent: "a", project: "bc" },
      { organization: "a\u0000b", project: "c" },
    ];
    for (const attribution of attributions) metering.record(usageEvent({ attribution }));
    expect((await collect()).sums("tollgate.requests")).toHaveLength(attributions.length);
  });

  it("have only the labels that were chosen", async () => {
    const { metering, collect } = bound({ labels: ["project"] });
    metering.record(usageEvent());
    metering.record(usageEvent({ attribution: { project: "atlas", agent: "other" } }));
    const points = (await collect()).sums("tollgate.requests");
    expect(points).toHaveLength(1);
    expect(points[0]?.attributes).not.toHaveProperty("tollgate.agent");
    expect(points[0]?.attributes).toHaveProperty("tollgate.project", "atlas");
  });
});

describe("histograms", () => {
  it("take durations in seconds, with the error type of what failed", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent());
    metering.record(usageEvent({ outcome: "error", errorType: "429", durationMs: 20 }));
    const points = (await collect()).histograms(DURATION);
    expect(points).toMatchObject([
      { attributes: LABELS, value: { sum: 1.5, count: 1 } },
      { attributes: { ...LABELS, "error.type": "429" }, value: { sum: 0.02, count: 1 } },
    ]);
    expect(points[0]?.attributes).not.toHaveProperty("error.type");
  });

  it("have the buckets of the conventions", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent({ streaming: true, timeToFirstChunkMs: 300 }));
    const snapshot = await collect();
    const boundaries = (name: string) => snapshot.histograms(name)[0]?.value.buckets.boundaries;
    const seconds = Array.from({ length: 14 }, (_, power) => 2 ** power / 100);
    const tokens = Array.from({ length: 14 }, (_, power) => 4 ** power);
    expect(boundaries(DURATION)).toEqual(seconds);
    expect(boundaries(FIRST_CHUNK)).toEqual(seconds);
    expect(boundaries("gen_ai.client.inference.operation.input_tokens")).toEqual(tokens);
    expect(boundaries("gen_ai.client.inference.operation.output_tokens")).toEqual(tokens);
  });

  it("take the time to the first chunk of streams only", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent({ timeToFirstChunkMs: 300 }));
    expect((await collect()).histograms(FIRST_CHUNK)).toEqual([]);
    metering.record(usageEvent({ streaming: true, timeToFirstChunkMs: 300 }));
    metering.record(usageEvent({ streaming: true, timeToFirstChunkMs: undefined }));
    expect((await collect()).histograms(FIRST_CHUNK)).toMatchObject([
      { value: { sum: 0.3, count: 1 } },
    ]);
  });

  it("take the tokens of a call", async () => {
    const { metering, collect } = bound();
    metering.record(usageEvent());
    const snapshot = await collect();
    expect(snapshot.histograms("gen_ai.client.inference.operation.input_tokens")).toMatchObject([
      { attributes: LABELS, value: { sum: 1_000, count: 1 } },
    ]);
    expect(snapshot.histograms("gen_ai.client.inference.operation.output_tokens")).toMatchObject([
      { value: { sum: 500, count: 1 } },
    ]);
  });
});

describe("names in Prometheus", () => {
  it("are the same as the specification's translators give", async () => {
    const { metering, prometheus } = bound();
    metering.record(
      usageEvent({
        streaming: true,
        timeToFirstChunkMs: 1,
        usage: {
          inputTokens: 9,
          outputTokens: 9,
          cacheReadTokens: 1,
          cacheWriteTokens: 1,
          reasoningTokens: 1,
        },
      }),
    );
    metering.record(
      usageEvent({
        estimated: true,
        cost: { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" },
      }),
    );
    const lines = await prometheus();
    expect([...new Set(lines.map((line) => line.replace(/[{ ].*/, "")))].toSorted()).toEqual([
      "gen_ai_client_inference_duration_seconds_bucket",
      "gen_ai_client_inference_duration_seconds_count",
      "gen_ai_client_inference_duration_seconds_sum",
      "gen_ai_client_inference_operation_input_tokens_bucket",
      "gen_ai_client_inference_operation_input_tokens_count",
      "gen_ai_client_inference_operation_input_tokens_sum",
      "gen_ai_client_inference_operation_output_tokens_bucket",
      "gen_ai_client_inference_operation_output_tokens_count",
      "gen_ai_client_inference_operation_output_tokens_sum",
      "gen_ai_client_inference_time_to_first_chunk_seconds_bucket",
      "gen_ai_client_inference_time_to_first_chunk_seconds_count",
      "gen_ai_client_inference_time_to_first_chunk_seconds_sum",
      "gen_ai_client_inference_usage_cache_read_input_tokens_total",
      "gen_ai_client_inference_usage_cache_write_input_tokens_total",
      "gen_ai_client_inference_usage_input_tokens_total",
      "gen_ai_client_inference_usage_output_tokens_total",
      "gen_ai_client_inference_usage_reasoning_output_tokens_total",
      "tollgate_cost_usd_total",
      "tollgate_requests_estimated_total",
      "tollgate_requests_total",
      "tollgate_requests_unpriced_total",
      "tollgate_tokens_estimated_total",
    ]);
    expect(lines).toContain(
      'tollgate_cost_usd_total{gen_ai_operation_name="chat",gen_ai_provider_name="openai",' +
        'gen_ai_request_model="gpt-4o-mini",gen_ai_response_model="gpt-4o-mini-2024-07-18",' +
        'tollgate_agent="planner",tollgate_organization="acme",tollgate_project="atlas",' +
        'tollgate_cost_type="input"} 0.00015',
    );
  });
});

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
