import { CONFIG } from "../../config.ts";
import { ACTION, AGENT, BUDGET, ORGANIZATION, PROJECT, REASON } from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { budgetLink } from "../links.ts";
import { stat, timeSeries, type Thresholds } from "../panel-kinds.ts";
import { table, type LabelColumn } from "../table-panel.ts";
import * as queries from "./queries.ts";

const NEAR: Thresholds = [
  [CONFIG.budget.softLimit, "orange"],
  [CONFIG.budget.exhausted, "red"],
];
const WHOSE = `{{${BUDGET}}} {{${ORGANIZATION}}} {{${PROJECT}}} {{${AGENT}}}`;
const LABELS: readonly LabelColumn[] = [
  { label: BUDGET, title: "Budget", link: budgetLink("Budget") },
  { label: ORGANIZATION, title: "Organisation" },
  { label: PROJECT, title: "Project" },
  { label: AGENT, title: "Agent" },
];

export const SECTIONS: readonly Section[] = [
  {
    title: "State",
    panels: [
      stat({
        title: "Near the limit, now",
        description: "Budgets above the soft limit and not used up.",
        queries: [{ expr: queries.isNear }],
        unit: "none",
        thresholds: [[1, "orange"]],
        runbook: "TollgateBudgetSoftLimit",
      }),
      stat({
        title: "Used up, now",
        description: "Budgets that refuse, throttle or report, as their onExceed says.",
        queries: [{ expr: queries.isExhausted }],
        unit: "none",
        thresholds: [[1, "red"]],
        runbook: "TollgateBudgetExhausted",
      }),
      stat({
        title: "Calls refused",
        description: "In the time shown, by the budgets chosen.",
        queries: [{ expr: queries.refused }],
        unit: "short",
        thresholds: [[1, "orange"]],
        runbook: "TollgateRequestsBlocked",
      }),
      stat({
        title: "Charged above holds",
        description: "What calls cost more than they had held. It is booked in full.",
        queries: [{ expr: queries.overrun }],
        unit: "currencyUSD",
        decimals: 2,
        runbook: "TollgateBudgetOverrun",
      }),
      stat({
        title: "Charged as held",
        description:
          "For calls that never reported their end, such as those of a process that crashed.",
        queries: [{ expr: queries.presumed }],
        unit: "currencyUSD",
        decimals: 2,
        runbook: "TollgateReservationLeak",
      }),
      stat({
        title: "Store answers within",
        description:
          "99th percentile of the time a reservation takes, over the last scrapes. A memory store answers at once and is not measured.",
        queries: [{ expr: queries.reserveTime(0.99) }],
        unit: "s",
        noValue: "At once",
        runbook: "TollgateBudgetStoreDown",
      }),
      table({
        title: "Budgets, now",
        description:
          "The ledger's own figures, in dollars where the limit is. A shared store says the same on every instance and counts once; processes that keep their own counters are added up.",
        labels: LABELS,
        values: [
          {
            title: "Used",
            expr: queries.utilization,
            unit: "percentunit",
            decimals: 0,
            thresholds: NEAR,
            gaugeMax: 1,
          },
          {
            title: "Limit",
            expr: queries.amount("limit", "usd"),
            unit: "currencyUSD",
            decimals: 2,
            width: 110,
          },
          {
            title: "Spent",
            expr: queries.amount("spent", "usd"),
            unit: "currencyUSD",
            decimals: 2,
            width: 110,
          },
          {
            title: "Held",
            expr: queries.amount("reserved", "usd"),
            unit: "currencyUSD",
            decimals: 2,
            width: 90,
          },
          {
            title: "Left",
            expr: queries.remaining("usd"),
            unit: "currencyUSD",
            decimals: 2,
            width: 110,
          },
          { title: "Resets in", expr: queries.secondsLeft, unit: "s", decimals: 1, width: 110 },
        ],
        sortBy: "Used",
        height: 9,
      }),
      table({
        title: "Budgets in tokens or requests, now",
        description:
          "Of budgets with such limits; one with several limits stands in each column it has.",
        labels: LABELS,
        values: [
          {
            title: "Token limit",
            expr: queries.amount("limit", "tokens"),
            unit: "short",
            width: 120,
          },
          { title: "Tokens", expr: queries.amount("spent", "tokens"), unit: "short", width: 110 },
          {
            title: "Tokens held",
            expr: queries.amount("reserved", "tokens"),
            unit: "short",
            width: 110,
          },
          {
            title: "Call limit",
            expr: queries.amount("limit", "requests"),
            unit: "short",
            width: 110,
          },
          { title: "Calls", expr: queries.amount("spent", "requests"), unit: "short", width: 100 },
          {
            title: "Calls held",
            expr: queries.amount("reserved", "requests"),
            unit: "short",
            width: 100,
          },
        ],
        sortBy: "Token limit",
        height: 7,
      }),
    ],
  },
  {
    title: "Over time",
    panels: [
      timeSeries({
        title: "Used",
        description: "Spent and held, as a share of the limit. It falls when a window ends.",
        queries: [{ expr: queries.utilization, legend: WHOSE }],
        unit: "percentunit",
        thresholds: NEAR,
        runbook: "TollgateBudgetSoftLimit",
      }),
      timeSeries({
        title: "Burn rate over an hour",
        description:
          "1 uses the limit up just at the window's end. Calendar windows only; recorded by the rules that come with these dashboards.",
        queries: [{ expr: queries.burnRate, legend: `${WHOSE} {{unit}}` }],
        unit: "none",
        decimals: 1,
        thresholds: [
          [1, "yellow"],
          [14.4, "red"],
        ],
        runbook: "TollgateBudgetBurningFast",
      }),
      timeSeries({
        title: "Decisions",
        description:
          "allow, throttle (waits), deny, and alert: over the limit, reported and let through.",
        queries: [{ expr: queries.decisions, legend: `{{${ACTION}}}` }],
        unit: "reqpm",
        stacked: true,
        colors: { allow: "green", throttle: "yellow", alert: "orange", deny: "red" },
      }),
      table({
        title: "Why calls were refused",
        description: "In the time shown, by budget and reason.",
        labels: [
          { label: BUDGET, title: "Budget" },
          { label: REASON, title: "Reason" },
        ],
        values: [
          {
            title: "Calls",
            expr: queries.refusalsByReason,
            unit: "short",
            width: 120,
          },
        ],
        sortBy: "Calls",
        width: 12,
        height: 8,
        noValue: "None",
        runbook: "TollgateRequestsBlocked",
      }),
    ],
  },
  {
    title: "Holds",
    panels: [
      timeSeries({
        title: "Held by calls under way",
        description: "Becomes spend when the calls end.",
        queries: [{ expr: queries.held, legend: `{{${BUDGET}}}` }],
        unit: "currencyUSD",
        width: 6,
        runbook: "TollgateReservationLeak",
      }),
      timeSeries({
        title: "Possible above the holds",
        description:
          "What calls under way may cost above what they hold, at the most: how far a bounded budget may be exceeded.",
        queries: [{ expr: queries.exposure, legend: `{{${BUDGET}}}` }],
        unit: "currencyUSD",
        width: 6,
        runbook: "TollgateBudgetOverrun",
      }),
      timeSeries({
        title: "Calls without a bound",
        description:
          "Calls under way of bounded budgets of which nobody can say what they may cost.",
        queries: [{ expr: queries.unbounded, legend: `{{${BUDGET}}}` }],
        unit: "none",
        width: 6,
        runbook: "TollgateBudgetOverrun",
      }),
      timeSeries({
        title: "Throttled calls wait, 95 %",
        description: "By budget. Empty while nothing is throttled.",
        queries: [{ expr: queries.throttleTime(0.95), legend: `{{${BUDGET}}}` }],
        unit: "s",
        width: 6,
      }),
    ],
  },
];
