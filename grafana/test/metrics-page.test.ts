import * as semconv from "@tollgate/core/semconv";
import { expect, test } from "vitest";
import { METRICS } from "../src/metrics/catalogue.ts";

const listed = METRICS.flatMap(({ metrics }) => metrics);

test("every metric of the semantic conventions is listed once", () => {
  const defined = Object.entries(semconv).flatMap(([constant, value]: [string, unknown]) =>
    constant.startsWith("METRIC_") && typeof value === "object" && value !== null && "name" in value
      ? [String(value.name)]
      : [],
  );
  const names = listed.map(({ definition }) => definition.name);
  expect(defined.filter((name) => !names.includes(name))).toEqual([]);
  expect(names.length).toBe(new Set(names).size);
});

test("histograms are those that have buckets", () => {
  const wrong = listed.filter(
    ({ kind, definition }) => (kind === "histogram") !== (definition.buckets !== undefined),
  );
  expect(wrong).toEqual([]);
});
