import { describe, expect, it } from "vitest";
import { captureMetering } from "./capture-metrics.ts";
import { LABELS, usageEvent } from "./usage-events.ts";

const DURATION = "gen_ai.client.inference.duration";
const FIRST_CHUNK = "gen_ai.client.inference.time_to_first_chunk";

describe("histograms", () => {
  it("take durations in seconds, with the error type of what failed", async () => {
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
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
    const { metering, collect } = captureMetering();
    metering.record(usageEvent({ timeToFirstChunkMs: 300 }));
    expect((await collect()).histograms(FIRST_CHUNK)).toEqual([]);
    metering.record(usageEvent({ streaming: true, timeToFirstChunkMs: 300 }));
    metering.record(usageEvent({ streaming: true, timeToFirstChunkMs: undefined }));
    expect((await collect()).histograms(FIRST_CHUNK)).toMatchObject([
      { value: { sum: 0.3, count: 1 } },
    ]);
  });

  it("take the tokens of a call", async () => {
    const { metering, collect } = captureMetering();
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
