import { expect, test } from "vitest";
import { CONFIG } from "../../src/config.ts";
import { alertsOf, isAlert, ruleGroups, writeRules } from "../../src/rules/generate-rules.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { runTool } from "../promtool.ts";
import type { AlertCase, Series } from "./alert-case.ts";
import { BUDGET_CASES } from "./budget-cases.ts";
import { PIPELINE_CASES } from "./pipeline-cases.ts";
import { USAGE_CASES } from "./usage-cases.ts";

const OWN = { config: CONFIG, budgets: [{ id: "own", alertAt: [60, 90] }] };
const CASES: readonly AlertCase[] = [...BUDGET_CASES, ...USAGE_CASES, ...PIPELINE_CASES];
const GROUPS = ruleGroups(OWN);
const NAMES = [...new Set(alertsOf(GROUPS).map(({ name }) => name))];

/** The rules of one alert and the records they are made of: promtool evaluates every rule at every step. */
function rulesOf(name: string): string {
  const rules = GROUPS.flatMap((group) => group.rules);
  const kept = rules.filter((rule) => isAlert(rule) && rule.name === name);
  for (let at = 0; at < kept.length; at++) {
    const expr = kept[at]?.expr ?? "";
    const needed = rules.filter((rule) => !isAlert(rule) && expr.includes(rule.record));
    kept.push(...needed.filter((rule) => !kept.includes(rule)));
  }
  return writeRules(
    [{ name: "tested", rules: rules.filter((rule) => kept.includes(rule)) }],
    CONFIG,
  );
}

function unitTests({ alert, stepMinutes = 1, fires, silent }: AlertCase): readonly object[] {
  const unitTest = (name: string, series: Series, at: string, isFiring: boolean): object => ({
    name,
    interval: `${stepMinutes}m`,
    input_series: Object.entries(series).map(([metric, values]) => ({ series: metric, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) > bool 0`,
        eval_time: at,
        exp_samples: isFiring ? [{ labels: "{}", value: 1 }] : [],
      },
    ],
  });
  return [
    unitTest(`alerts when ${fires.when}`, fires.series, fires.at, true),
    ...silent.map(({ when, series, at }) =>
      unitTest(`don't alert when ${when}`, series, at, false),
    ),
  ];
}

test.each(NAMES)("%s has a case in which it fires and one in which it must not", (name) => {
  const cases = CASES.filter(({ alert }) => alert === name);
  expect(cases.length).toBeGreaterThan(0);
  expect(cases.flatMap(({ silent }) => silent).length).toBeGreaterThan(0);
});

describeWithServer("promtool", "alerts", () => {
  test.each(NAMES)("%s fires when it should and not else", { timeout: 60_000 }, async (name) => {
    const cases = CASES.filter(({ alert }) => alert === name);
    const file = {
      rule_files: ["rules.yaml"],
      evaluation_interval: `${cases[0]?.stepMinutes ?? 1}m`,
      tests: cases.flatMap(unitTests),
    };
    const files = { "rules.yaml": rulesOf(name), "tests.yaml": JSON.stringify(file) };
    const verdict = await runTool("promtool", files, ["test", "rules", "tests.yaml"]);
    expect(verdict).toEqual({ ok: true, output: expect.stringContaining("SUCCESS") });
  });
});
