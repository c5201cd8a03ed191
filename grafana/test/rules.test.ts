import { expect, test } from "vitest";
import { alertmanagerConfig } from "../src/alertmanager.ts";
import { CONFIG } from "../src/config.ts";
import { alertsOf, generateRules, ruleGroups, writeRules } from "../src/rules/generate-rules.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { runTool } from "./promtool.ts";

const OPTIONS = { config: CONFIG, budgets: [{ id: "team/day", alertAt: [60, 90, 100] }] };

const budget = (scope: string, instance: string): string =>
  `{tollgate_budget="team",tollgate_budget_scope="${scope}",instance="${instance}"}`;
const sample = (scope: string, value: number): object => ({
  labels: `budget:tollgate_budget_spent:sum{tollgate_budget="team",tollgate_budget_scope="${scope}",unit="usd"}`,
  value,
});

test("budgets that ask for thresholds of their own get them in place of the soft limit", () => {
  const alerts = alertsOf(ruleGroups(OPTIONS));
  const own = alerts.filter(({ name }) => name === "TollgateBudgetThreshold");
  expect(own.map(({ expr, severity }) => [expr, severity])).toEqual([
    ['budget:tollgate_budget_spent:ratio{tollgate_budget="team/day"} >= 0.6 < 0.9', "info"],
    ['budget:tollgate_budget_spent:ratio{tollgate_budget="team/day"} >= 0.9 < 1', "warning"],
    ['budget:tollgate_budget_spent:ratio{tollgate_budget="team/day"} >= 1', "critical"],
  ]);
  const soft = alerts.find(({ name }) => name === "TollgateBudgetSoftLimit");
  expect(soft?.expr).toBe(
    'budget:tollgate_budget_utilization:max{tollgate_budget!~"team/day"} >= 0.8',
  );
});

test("a selector is put on every series", () => {
  const config = { ...CONFIG, selector: 'cluster="eu"' };
  const bare = ruleGroups({ config })
    .flatMap(({ rules }) => rules)
    .map(({ expr }) => expr.replaceAll(/\w+:\w+:\w+/g, "recorded"))
    .flatMap((expr) => [...expr.matchAll(/\b(?:tollgate|gen_ai)_\w+?(?:\{[^}]*\}|(?=[)[ ]))/g)])
    .map(([series]) => series)
    .filter((series) => /_(total|usd|tokens|requests|seconds|count|utilization)\b/.test(series))
    .filter((series) => !series.includes('cluster="eu"'));
  expect(bare).toEqual([]);
});

describeWithServer("promtool", "the rules", () => {
  test("pass every lint", { timeout: 30_000 }, async () => {
    const files = { "rules.yaml": generateRules(OPTIONS) };
    const args = ["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"];
    const verdict = await runTool("promtool", files, args);
    expect(verdict).toMatchObject({ ok: true, output: expect.stringContaining("SUCCESS") });
  });

  test(
    "read one budget from many instances: a shared store once, processes added up",
    { timeout: 30_000 },
    async () => {
      const file = {
        rule_files: ["rules.yaml"],
        tests: [
          {
            interval: "1m",
            input_series: [
              { series: `tollgate_budget_spent_usd${budget("shared", "a")}`, values: "5x5" },
              { series: `tollgate_budget_spent_usd${budget("shared", "b")}`, values: "4x5" },
              { series: `tollgate_budget_spent_usd${budget("process", "a")}`, values: "5x5" },
              { series: `tollgate_budget_spent_usd${budget("process", "b")}`, values: "4x5" },
              {
                series: `tollgate_budget_spent_usd${budget("process", "c")}`,
                values: "NaN NaN NaN NaN NaN",
              },
            ],
            promql_expr_test: [
              {
                expr: "budget:tollgate_budget_spent:sum",
                eval_time: "3m",
                exp_samples: [sample("shared", 5), sample("process", 9)],
              },
            ],
          },
        ],
      };
      const files = { "rules.yaml": generateRules(OPTIONS), "tests.yaml": JSON.stringify(file) };
      const verdict = await runTool("promtool", files, ["test", "rules", "tests.yaml"]);
      expect(verdict).toMatchObject({ ok: true });
    },
  );

  test("count what a series was born with", { timeout: 30_000 }, async () => {
    const file = {
      rule_files: ["rules.yaml"],
      tests: [
        {
          interval: "1m",
          input_series: [
            { series: 'tollgate_cost_usd_total{tollgate_project="new"}', values: "_x30 2+1x60" },
            { series: 'tollgate_cost_usd_total{tollgate_project="old"}', values: "100+1x90" },
          ],
          promql_expr_test: [
            {
              expr: 'organization_project:tollgate_cost_usd:increase1h{tollgate_project="new"} > bool 31',
              eval_time: "70m",
              exp_samples: [{ labels: '{tollgate_project="new"}', value: 1 }],
            },
            {
              expr: 'organization_project:tollgate_cost_usd:increase1h{tollgate_project="old"} < bool 62',
              eval_time: "70m",
              exp_samples: [{ labels: '{tollgate_project="old"}', value: 1 }],
            },
          ],
        },
      ],
    };
    const [, usage] = ruleGroups(OPTIONS);
    const rules = writeRules(usage === undefined ? [] : [usage], CONFIG);
    const files = { "rules.yaml": rules, "tests.yaml": JSON.stringify(file) };
    const verdict = await runTool("promtool", files, ["test", "rules", "tests.yaml"]);
    expect(verdict).toMatchObject({ ok: true });
  });
});

describeWithServer("amtool", "the Alertmanager configuration", () => {
  const files = { "alertmanager.yaml": alertmanagerConfig() };

  test("is one that Alertmanager takes", { timeout: 30_000 }, async () => {
    const verdict = await runTool("amtool", files, ["check-config", "alertmanager.yaml"]);
    expect(verdict).toMatchObject({ ok: true, output: expect.stringContaining("7 inhibit rules") });
  });

  test.each([
    ["critical", "tollgate-page"],
    ["warning", "tollgate-tickets"],
    ["info", "tollgate-log"],
  ])("sends what is %s to %s", { timeout: 30_000 }, async (severity, receiver) => {
    const args = ["config", "routes", "test", "--config.file=alertmanager.yaml"];
    const verdict = await runTool("amtool", files, [...args, `severity=${severity}`]);
    expect(verdict).toEqual({ ok: true, output: `${receiver}\n` });
  });
});
