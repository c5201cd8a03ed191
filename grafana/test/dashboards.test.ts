import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as semconv from "@tollgate/core/semconv";
import { describe, expect, test } from "vitest";
import { CONFIG } from "../src/config.ts";
import { allDashboards } from "../src/dashboards/index.ts";
import { counter, gauge, histogram } from "../src/metrics/prometheus-name.ts";
import { ruleGroups } from "../src/rules/generate-rules.ts";
import type { MetricDefinition } from "@tollgate/core/semconv";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { runTool } from "./promtool.ts";
import { filledIn, panelsOf, queriesOf } from "./queries-of.ts";

const dashboards = allDashboards();
const queries = dashboards.flatMap(queriesOf);
const groups = ruleGroups({ config: CONFIG });
const recorded = new Set(
  groups.flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : []))),
);

function isMetric(value: unknown): value is MetricDefinition {
  return typeof value === "object" && value !== null && "unit" in value && "description" in value;
}

const definitions: readonly MetricDefinition[] = [
  ...Object.values(semconv).filter((value: unknown) => isMetric(value)),
  ...(["limit", "spent", "reserved", "remaining", "aggregate", "divergence"] as const).flatMap(
    (what) =>
      (["usd", "tokens", "requests"] as const).map((unit) => semconv.budgetGauge(what, unit)),
  ),
];
const known = new Set(
  definitions.flatMap((definition) => {
    const { buckets, sums, counts } = histogram(definition);
    return [gauge(definition), counter(definition), ...buckets, ...sums, ...counts];
  }),
);

/** Names of metrics in an expression: what stands before a brace, a bracket or nothing, and is no label. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, "")
    .replaceAll(/\{[^}]*\}/g, "");
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)]
    .map(([name]) => name)
    .filter((name) => /^(tollgate_|gen_ai_)|:/.test(name));
}

test("every metric that a panel or a rule asks for is one of the semantic conventions, or recorded", () => {
  const expressions = [
    ...queries.map(({ expr }) => expr),
    ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ];
  const strangers = expressions
    .flatMap(metricsIn)
    .filter((name) => !known.has(name) && !recorded.has(name));
  expect([...new Set(strangers)]).toEqual([]);
});

test("no query filters by the name of an SDK or a scope", () => {
  const filtered = queries.filter(({ expr }) => /otel_scope|telemetry_sdk|service_name/.test(expr));
  expect(filtered).toEqual([]);
});

test("ranges are the time shown or what Grafana takes for rates", () => {
  const fixed = queries.filter(({ expr }) =>
    /\[(?!\$__(?:range|rate_interval)\])/.test(expr.replaceAll(/"[^"]*"/g, "")),
  );
  expect(fixed).toEqual([]);
});

describeWithServer("promtool", "the queries of dashboards", () => {
  test("parse", { timeout: 30_000 }, async () => {
    const rules = queries.map(({ expr }, index) => ({
      record: `panel:query:q${index}`,
      expr: filledIn(expr),
    }));
    const files = { "rules.yaml": JSON.stringify({ groups: [{ name: "panels", rules }] }) };
    const verdict = await runTool("promtool", files, ["check", "rules", "rules.yaml"]);
    expect(verdict).toMatchObject({ ok: true, output: expect.stringContaining("SUCCESS") });
  });
});

describe.each(dashboards.map((dashboard) => [dashboard.uid ?? "", dashboard] as const))(
  "%s",
  (_uid, dashboard) => {
    test("has the variables that all have", () => {
      const names = dashboard.templating?.list?.map(({ name }) => name);
      expect(names?.slice(0, 6)).toEqual([
        "datasource",
        "organization",
        "project",
        "agent",
        "provider",
        "model",
      ]);
    });

    test("describes every panel and gives it a unit", () => {
      const bare = panelsOf(dashboard)
        .map((panel) => JSON.stringify(panel))
        .filter((json) => !/"type":"(row|text)"/.test(json))
        .filter((json) => !json.includes('"description":') || !json.includes('"unit":'));
      expect(bare).toEqual([]);
    });

    test("leads to its siblings and to the runbooks", () => {
      expect(dashboard.links?.map(({ type }) => type)).toEqual(["dashboards", "link"]);
    });
  },
);

test("links between dashboards lead to those that are there, with variables that they have", () => {
  const links = dashboards.flatMap((dashboard) =>
    [...JSON.stringify(dashboard).matchAll(/\/d\/([\w-]+)\?([^"]*)/g)].map(
      ([, uid, query = ""]) => ({
        uid,
        variables: [...query.matchAll(/var-(\w+)=/g)].map(([, name]) => name),
      }),
    ),
  );
  const broken = links.filter(({ uid, variables }) => {
    const to = dashboards.find((dashboard) => dashboard.uid === uid);
    const names = to?.templating?.list?.map(({ name }) => name) ?? [];
    return to === undefined || variables.some((name) => !names.includes(name ?? ""));
  });
  expect(links.length).toBeGreaterThan(0);
  expect(broken).toEqual([]);
});

test("links to runbooks lead to pages that are there", () => {
  const folder = join(import.meta.dirname, "../../docs/runbooks");
  const pages = new Set(readdirSync(folder));
  const linked = dashboards.flatMap((dashboard) =>
    [...JSON.stringify(dashboard).matchAll(/runbooks\/(Tollgate\w+\.md)/g)].map(([, page]) => page),
  );
  expect(linked.length).toBeGreaterThan(0);
  expect(linked.filter((page) => page === undefined || !pages.has(page))).toEqual([]);
});
