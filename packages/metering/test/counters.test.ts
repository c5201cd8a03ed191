import { describe, expect, it } from "vitest";
import { captureMetering } from "./capture-metrics.ts";
import { LABELS, usageEvent } from "./usage-events.ts";

const INPUT = "gen_ai.client.inference.usage.input_tokens";
const OUTPUT = "gen_ai.client.inference.usage.output_tokens";

describe("counters", () => {
  it("count the tokens that the provider reported, by model and attribution", async () => {
    const { metering, collect } = captureMetering();
    metering.record(usageEvent());
    metering.record(usageEvent());
    const snapshot = await collect();
    const attributes = { ...LABELS, "gen_ai.token.modality": "unknown" };
    expect(snapshot.sums(INPUT)).toMatchObject([{ attributes, value: 2_000 }]);
    expect(snapshot.sums(OUTPUT)).toMatchObject([{ attributes, value: 1_000 }]);
  });

  it("count speech and images as such, and the rest as unknown", async () => {
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
    metering.record(usageEvent({ outcome: "refused", errorType: "tollgate_budget_exceeded" }));
    const snapshot = await collect();
    expect(snapshot.names).toEqual(["tollgate.requests"]);
    expect(snapshot.sums("tollgate.requests")).toMatchObject([
      { attributes: { "tollgate.outcome": "refused" }, value: 1 },
    ]);
  });

  it("count calls whose tokens have no price, wholly or in part, but not those without tokens", async () => {
    const { metering, collect } = captureMetering();
    const unpriced = { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" } as const;
    metering.record(usageEvent({ cost: unpriced }));
    metering.record(usageEvent({ cost: { ...usageEvent().cost, partial: true } }));
    metering.record(usageEvent({ cost: { ...usageEvent().cost, priceSource: "fallback" } }));
    metering.record(usageEvent({ cost: unpriced, usage: undefined }));
    metering.record(usageEvent({ cost: unpriced, usage: undefined, outcome: "error" }));
    metering.record(usageEvent({ cost: unpriced, usage: { inputTokens: 0, outputTokens: 0 } }));
    metering.record(usageEvent());
    const snapshot = await collect();
    expect(snapshot.sums("tollgate.requests.unpriced")).toMatchObject([{ value: 4 }]);
  });

  it("count calls priced by the family of their model", async () => {
    const { metering, collect } = captureMetering();
    metering.record(usageEvent({ cost: { ...usageEvent().cost, match: "prefix" } }));
    metering.record(usageEvent());
    const snapshot = await collect();
    expect(snapshot.sums("tollgate.requests.prefix_priced")).toMatchObject([{ value: 1 }]);
  });

  it("ignore counts that would spoil a sum", async () => {
    const { metering, collect } = captureMetering();
    metering.record(usageEvent({ usage: { inputTokens: Number.NaN, outputTokens: -5 } }));
    metering.record(usageEvent({ usage: { inputTokens: Infinity, outputTokens: 5 } }));
    const snapshot = await collect();
    expect(snapshot.sums(INPUT)).toEqual([]);
    expect(snapshot.sums(OUTPUT)).toMatchObject([{ value: 5 }]);
  });

  it("leave out labels that are not known or empty", async () => {
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering({ labels: ["project"] });
    metering.record(usageEvent());
    metering.record(usageEvent({ attribution: { project: "atlas", agent: "other" } }));
    const points = (await collect()).sums("tollgate.requests");
    expect(points).toHaveLength(1);
    expect(points[0]?.attributes).not.toHaveProperty("tollgate.agent");
    expect(points[0]?.attributes).toHaveProperty("tollgate.project", "atlas");
  });

  it("an amount of no call of its own adds tokens and cost, and no request", async () => {
    const { metering, collect } = captureMetering();
    metering.record(usageEvent({ calls: 0 }));
    const snapshot = await collect();
    expect(snapshot.sums("tollgate.requests")).toMatchObject([{ value: 0 }]);
    expect(snapshot.sums("gen_ai.client.inference.usage.input_tokens")).toMatchObject([
      { value: 1_000 },
    ]);
    expect(snapshot.histograms("gen_ai.client.inference.duration")).toEqual([]);
  });
});
