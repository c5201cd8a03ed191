import { startPrometheus } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { describeWithServer } from "../servers.ts";
import { startApp } from "./registered-app.ts";

const YAML = `
budgets:
  - id: everything
    each: [agent]
    limit: { usd: 100 }
    window: total
`;

describeWithServer("prometheus", "a real Prometheus", () => {
  test("scrapes an unmodified app, and PromQL gives what the ledger says", async () => {
    const calls = ["chat", "stream", "responses", "messages"];
    const app = await startApp({ calls: [...calls, ...calls, ...calls], yaml: YAML });
    await app.lines();
    const prometheus = await startPrometheus({
      targets: [await app.metricsUrl()],
      scrapeIntervalMs: 250,
    });
    onTestFinished(() => prometheus.stop());

    const [ledger] = await prometheus.queryUntil(
      'sum(tollgate_budget_spent_usd{tollgate_budget="everything",tollgate_agent="planner"})',
      (answer) => answer.length > 0,
    );
    const [metrics] = await prometheus.query(
      'sum(tollgate_cost_usd_total{tollgate_organization="acme",tollgate_project="atlas"})',
    );
    expect(ledger?.value).toBeGreaterThan(0.01);
    expect(metrics?.value).toBeCloseTo(ledger?.value ?? 0, 9);

    const byModel = await prometheus.query(
      "count by (gen_ai_request_model) (tollgate_requests_total)",
    );
    expect(new Set(byModel.map(({ metric }) => metric["gen_ai_request_model"]))).toEqual(
      new Set(["claude-sonnet-4-5", "gpt-4o-mini", "gpt-5-mini"]),
    );
  });
});
