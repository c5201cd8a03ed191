import { expect, test } from "vitest";
import { startApi } from "./start-api.ts";

test("a collector says how old its prices are, and what became of requests", async () => {
  const api = await startApi();
  await api.ask("POST", "/v1/traces", { resourceSpans: [] });
  const text = await (await fetch(`${api.url}/metrics`)).text();
  expect(text).toMatch(/^tollgate_prices_age_seconds\S* \d/m);
  expect(text).toMatch(
    /^tollgate_collector_requests_total\{.*tollgate_collector_signal="traces".*tollgate_outcome="accepted".*\} 1$/m,
  );
});
