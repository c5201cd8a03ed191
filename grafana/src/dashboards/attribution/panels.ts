import {
  AGENT,
  COST_TYPE,
  MODEL,
  ORGANIZATION,
  PROJECT,
  PROVIDER,
  WORKFLOW,
} from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { drillDown } from "../links.ts";
import { barGauge, stat, timeSeries } from "../panel-kinds.ts";
import { table, type LabelColumn, type ValueColumn } from "../table-panel.ts";
import * as queries from "./queries.ts";

const figures = (labels: readonly string[]): readonly ValueColumn[] => [
  { title: "Spend", expr: queries.spend(labels), unit: "currencyUSD", decimals: 2 },
  { title: "Calls", expr: queries.calls(labels), unit: "short" },
  { title: "Tokens", expr: queries.tokens(labels), unit: "short" },
  {
    title: "Per 1,000 calls",
    expr: queries.perThousandCalls(labels),
    unit: "currencyUSD",
    decimals: 2,
  },
];
const organization: LabelColumn = {
  label: ORGANIZATION,
  title: "Organisation",
  link: drillDown(["organization", "Organisation"]),
};
const project: LabelColumn = {
  label: PROJECT,
  title: "Project",
  link: drillDown(["organization", "Organisation"], ["project", "Project"]),
};
const agent: LabelColumn = {
  label: AGENT,
  title: "Agent",
  link: drillDown(["organization", "Organisation"], ["project", "Project"], ["agent", "Agent"]),
};

export const SECTIONS: readonly Section[] = [
  {
    title: "In the time shown",
    panels: [
      stat({
        title: "Spend",
        description: "Cost of the calls chosen.",
        queries: [{ expr: queries.spend([]) }],
        unit: "currencyUSD",
        decimals: 2,
        width: 6,
      }),
      stat({
        title: "Cost per 1,000 calls",
        description: "Of calls that left; refused ones cost nothing.",
        queries: [{ expr: queries.perThousandCalls([]) }],
        unit: "currencyUSD",
        decimals: 2,
        width: 6,
      }),
      stat({
        title: "Tasks completed",
        description:
          "Runs of traceTask that did not fail. Filters of agent, provider and model do not apply.",
        queries: [{ expr: queries.tasksCompleted }],
        unit: "short",
        width: 6,
        noValue: "No tasks",
      }),
      stat({
        title: "Cost per completed task",
        description:
          "All spend of the organisations and projects chosen, over tasks completed: what fails or belongs to no task is in it.",
        queries: [{ expr: queries.costPerTask }],
        unit: "currencyUSD",
        decimals: 3,
        width: 6,
        noValue: "No tasks",
      }),
    ],
  },
  {
    title: "Who",
    panels: [
      barGauge({
        title: "Organisations",
        description: "The ten dearest in the time shown.",
        queries: [{ expr: queries.topSpend(ORGANIZATION), legend: `{{${ORGANIZATION}}}` }],
        unit: "currencyUSD",
        decimals: 2,
      }),
      barGauge({
        title: "Projects",
        description: "The ten dearest in the time shown.",
        queries: [{ expr: queries.topSpend(PROJECT), legend: `{{${PROJECT}}}` }],
        unit: "currencyUSD",
        decimals: 2,
      }),
      barGauge({
        title: "Agents",
        description: "The ten dearest in the time shown.",
        queries: [{ expr: queries.topSpend(AGENT), legend: `{{${AGENT}}}` }],
        unit: "currencyUSD",
        decimals: 2,
      }),
      table({
        title: "Organisation, project, agent",
        description:
          "A name chooses it: a click leads from the organisation to its projects and agents.",
        labels: [organization, project, agent],
        values: figures(queries.WHO_LABELS),
        sortBy: "Spend",
        height: 10,
      }),
      table({
        title: "Models",
        description: "The same by provider and model.",
        labels: [
          { label: PROVIDER, title: "Provider" },
          {
            label: MODEL,
            title: "Model",
            link: drillDown(["provider", "Provider"], ["model", "Model"]),
          },
        ],
        values: figures(queries.MODEL_LABELS),
        sortBy: "Spend",
        height: 10,
      }),
    ],
  },
  {
    title: "Over time",
    panels: [
      timeSeries({
        title: "Spend per hour by project",
        description: "What an hour at the present pace costs.",
        queries: [{ expr: queries.spendPerHour(PROJECT), legend: `{{${PROJECT}}}` }],
        unit: "currencyUSD",
        stacked: true,
      }),
      timeSeries({
        title: "Spend per hour by agent",
        description: "What an hour at the present pace costs.",
        queries: [{ expr: queries.spendPerHour(AGENT), legend: `{{${AGENT}}}` }],
        unit: "currencyUSD",
        stacked: true,
      }),
      timeSeries({
        title: "Spend per hour by what is billed",
        description: "Input, output, reading and writing the cache, tools.",
        queries: [{ expr: queries.spendByType, legend: `{{${COST_TYPE}}}` }],
        unit: "currencyUSD",
        stacked: true,
      }),
      barGauge({
        title: "Tasks completed by kind",
        description: "By the workflow that traceTask names.",
        queries: [{ expr: queries.tasksByWorkflow, legend: `{{${WORKFLOW}}}` }],
        unit: "short",
        width: 12,
        noValue: "No tasks",
      }),
    ],
  },
];
