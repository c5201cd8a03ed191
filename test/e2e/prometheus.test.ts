import { startPrometheus } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { startApp } from "./registered-app.ts";
import { startScrapedDemo } from "./scraped-demo.ts";

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

  test("scrapes the demo, and PromQL gives the ledger of every agent to the cent", async () => {
    const { demo, prometheus } = await startScrapedDemo(30);
    const [line] = await demo.untilStdout(/^\{"agents".*$/m);
    const { agents, refused }: DemoSummary = JSON.parse(line);
    expect(agents.map(({ agent }) => agent)).toEqual(["planner", "researcher", "writer"]);
    expect(refused).toBeGreaterThan(0);
    for (const { agent, ledgerUsd, metricsUsd } of agents) {
      expect(metricsUsd, agent).toBeCloseTo(ledgerUsd, 9);
      const [spend] = await prometheus.queryUntil(
        `sum(tollgate_cost_usd_total{tollgate_agent="${agent}"})`,
        ([answer]) => answer !== undefined && Math.abs(answer.value - ledgerUsd) < 1e-9,
      );
      expect(spend?.value, agent).toBeCloseTo(ledgerUsd, 9);
    }
  });
});

interface DemoSummary {
  readonly agents: readonly {
    readonly agent: string;
    readonly ledgerUsd: number;
    readonly metricsUsd: number;
  }[];
  readonly refused: number;
}
