import { UNPRICED } from "@tollgate/core";
import { expect, it } from "vitest";
import { captureMetering } from "./capture-metrics.ts";
import { LABELS, usageEvent } from "./usage-events.ts";

const DURATION = "gen_ai.client.inference.duration";

it("a pending call is counted as such, with no duration, and is not unpriced", async () => {
  const { metering, collect } = captureMetering();
  metering.record(usageEvent({ outcome: "pending", usage: undefined, cost: UNPRICED }));
  const snapshot = await collect();
  expect(snapshot.sums("tollgate.requests")).toMatchObject([
    { attributes: { ...LABELS, "tollgate.outcome": "pending" }, value: 1 },
  ]);
  expect(snapshot.histograms(DURATION)).toEqual([]);
  expect(snapshot.sums("tollgate.requests.unpriced")).toEqual([]);
});

it("a fetched result is counted in full, but for the duration that nobody knows", async () => {
  const { metering, collect } = captureMetering();
  metering.record(usageEvent({ fetched: true, durationMs: undefined }));
  const snapshot = await collect();
  expect(snapshot.sums("gen_ai.client.inference.usage.output_tokens")).toMatchObject([
    { value: 500 },
  ]);
  expect(snapshot.histograms("gen_ai.client.inference.operation.output_tokens")).toHaveLength(1);
  expect(snapshot.histograms(DURATION)).toEqual([]);
});
