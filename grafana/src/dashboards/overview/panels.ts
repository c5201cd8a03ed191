import { CONFIG } from "../../config.ts";
import { BUDGET, MODEL, ORGANIZATION, OUTCOME, PROJECT, PROVIDER } from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { runbookOf } from "../links.ts";
import { barGauge, stat, timeSeries } from "../panel-kinds.ts";
import { table } from "../table-panel.ts";
import * as queries from "./queries.ts";

const OUTCOME_COLORS = {
  ok: "green",
  error: "red",
  cancelled: "gray",
  refused: "orange",
  pending: "blue",
};

export const SECTIONS: readonly Section[] = [
  {
    title: "In the time shown",
    panels: [
      stat({
        title: "Spend",
        description: "Cost of the calls chosen. Calls without a known price are not in it.",
        queries: [{ expr: queries.spend }],
        unit: "currencyUSD",
        decimals: 2,
        width: 4,
      }),
      stat({
        title: "Calls",
        description:
          "Physical attempts, retries of clients included; those that a budget refused are not.",
        queries: [{ expr: queries.calls }],
        unit: "short",
        width: 4,
      }),
      stat({
        title: "Tokens",
        description: "Input and output, as the providers reported them.",
        queries: [{ expr: queries.tokens }],
        unit: "short",
        width: 4,
      }),
      stat({
        title: "Cost per call",
        description: "Spend over calls.",
        queries: [{ expr: queries.costPerCall }],
        unit: "currencyUSD",
        decimals: 4,
        width: 3,
      }),
      stat({
        title: "Failed",
        description: "Share of the calls that ended in an error of the provider or the network.",
        queries: [{ expr: queries.errorShare }],
        unit: "percentunit",
        decimals: 1,
        thresholds: [
          [0.02, "yellow"],
          [0.05, "red"],
        ],
        runbook: "TollgateErrorRateHigh",
        width: 3,
      }),
      stat({
        title: "Refused",
        description:
          "Calls that a budget refused, of all apps: budgets know nothing of the filters.",
        queries: [{ expr: queries.refused }],
        unit: "short",
        thresholds: [[1, "orange"]],
        runbook: "TollgateRequestsBlocked",
        width: 3,
      }),
      stat({
        title: "Fullest budget",
        description:
          "Now: spent and held, as a share of its limit, of the budget that is closest to it.",
        queries: [{ expr: queries.fullestBudget }],
        unit: "percentunit",
        decimals: 0,
        thresholds: [
          [CONFIG.budget.softLimit, "orange"],
          [CONFIG.budget.exhausted, "red"],
        ],
        runbook: "TollgateBudgetExhausted",
        width: 3,
      }),
    ],
  },
  {
    title: "Spend",
    panels: [
      timeSeries({
        title: "Spend per hour by model",
        description: "What an hour at the present pace costs.",
        queries: [{ expr: queries.spendPerHourByModel, legend: `{{${PROVIDER}}} {{${MODEL}}}` }],
        unit: "currencyUSD",
        stacked: true,
        width: 16,
        runbook: "TollgateSpendAnomaly",
      }),
      barGauge({
        title: "Dearest models",
        description: "Spend in the time shown.",
        queries: [{ expr: queries.topModels, legend: `{{${MODEL}}}` }],
        unit: "currencyUSD",
        decimals: 2,
      }),
      timeSeries({
        title: "Calls by outcome",
        description:
          "ok, error, cancelled by the app, refused by a budget. The line of refused calls shows what never left.",
        queries: [{ expr: queries.callRateByOutcome, legend: `{{${OUTCOME}}}` }],
        unit: "reqpm",
        stacked: true,
        width: 16,
        colors: OUTCOME_COLORS,
      }),
      barGauge({
        title: "Dearest projects",
        description: "Spend in the time shown.",
        queries: [{ expr: queries.topProjects, legend: `{{${ORGANIZATION}}} / {{${PROJECT}}}` }],
        unit: "currencyUSD",
        decimals: 2,
      }),
    ],
  },
  {
    title: "Limits and alerts",
    panels: [
      barGauge({
        title: "Budgets, now",
        description:
          "Spent and held, as a share of the limit. Of a budget per project or agent, the fullest.",
        queries: [{ expr: queries.utilizationByBudget, legend: `{{${BUDGET}}}` }],
        unit: "percentunit",
        decimals: 0,
        max: 1,
        thresholds: [
          [CONFIG.budget.softLimit, "orange"],
          [CONFIG.budget.exhausted, "red"],
        ],
        width: 10,
      }),
      table({
        title: "Alerts that fire",
        description: "By the rules that come with these dashboards. The name leads to the runbook.",
        labels: [
          { label: "alertname", title: "Alert", width: 240, link: runbookOf("Alert") },
          { label: "severity", title: "Severity", width: 90 },
          { label: BUDGET, title: "Budget" },
          { label: PROVIDER, title: "Provider" },
          { label: MODEL, title: "Model" },
        ],
        values: [{ title: "Firing", expr: queries.firing, unit: "none", hidden: true }],
        sortBy: "Severity",
        ascending: true,
        width: 14,
        height: 8,
      }),
    ],
  },
];
