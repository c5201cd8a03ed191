import { expect, test } from "vitest";
import { observePricesAge } from "../src/index.ts";
import { captureMetrics } from "./capture-metrics.ts";

const NOW_MS = Date.UTC(2026, 10, 3, 12);

test("the age of prices counts from their day, and follows prices that are replaced", async () => {
  const { meter, prometheus } = captureMetrics();
  let day = "2026-11-01";
  const unbind = observePricesAge(
    meter,
    () => day,
    () => NOW_MS,
  );
  expect(await prometheus()).toContain("tollgate_prices_age_seconds 216000");
  day = "2026-11-03";
  expect(await prometheus()).toContain("tollgate_prices_age_seconds 43200");
  unbind();
});

test.each([undefined, "someday"])("prices of no known day (%s) have no age", async (day) => {
  const { meter, prometheus } = captureMetrics();
  observePricesAge(
    meter,
    () => day,
    () => NOW_MS,
  );
  expect(await prometheus()).toEqual([]);
});
