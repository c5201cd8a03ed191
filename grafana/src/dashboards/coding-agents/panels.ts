import { AGENT, COST_TYPE, MODEL, PROJECT } from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { drillDown } from "../links.ts";
import { barGauge, stat, text, timeSeries } from "../panel-kinds.ts";
import { table } from "../table-panel.ts";
import * as queries from "./queries.ts";

const ABOUT = `Claude Code, Codex, Gemini CLI and GitHub Copilot send OTLP to the collector. They are found by the name of their project, which is
their \`service.name\`, or of their agent, where \`collector.attribution\` in \`tollgate.yaml\` sets one. Of an agent that sends only metrics, tokens and cost are
counted, but not calls.`;

export const SECTIONS: readonly Section[] = [
  {
    title: "In the time shown",
    panels: [
      stat({
        title: "Spend",
        description: "Of coding agents.",
        queries: [{ expr: queries.spend([]) }],
        unit: "currencyUSD",
        decimals: 2,
        noValue: "None seen",
      }),
      stat({
        title: "Share of all spend",
        description: "Of all calls chosen.",
        queries: [{ expr: queries.share }],
        unit: "percentunit",
        decimals: 0,
        noValue: "None seen",
      }),
      stat({
        title: "Calls",
        description: "Physical attempts, where the agent tells of calls.",
        queries: [{ expr: queries.calls([]) }],
        unit: "short",
        noValue: "None seen",
      }),
      stat({
        title: "Input from the cache",
        description:
          "Coding agents carry long contexts: most of their input should come from the cache.",
        queries: [{ expr: queries.cacheShare([]) }],
        unit: "percentunit",
        decimals: 0,
        noValue: "None seen",
        runbook: "TollgateCacheRatioDropped",
      }),
      text(ABOUT, 4, 8),
    ],
  },
  {
    title: "Who and what",
    panels: [
      table({
        title: "Agents and projects",
        description: "A name leads to its cost attribution.",
        labels: [
          {
            label: AGENT,
            title: "Agent",
            width: 130,
            link: drillDown(["project", "Project"], ["agent", "Agent"]),
          },
          { label: PROJECT, title: "Project", width: 130, link: drillDown(["project", "Project"]) },
        ],
        values: [
          {
            title: "Spend",
            expr: queries.spend([AGENT, PROJECT]),
            unit: "currencyUSD",
            decimals: 2,
            width: 95,
          },
          { title: "Calls", expr: queries.calls([AGENT, PROJECT]), unit: "short", width: 80 },
          { title: "Tokens", expr: queries.tokens([AGENT, PROJECT]), unit: "short", width: 95 },
          {
            title: "From cache",
            expr: queries.cacheShare([AGENT, PROJECT]),
            unit: "percentunit",
            decimals: 0,
            width: 95,
          },
        ],
        sortBy: "Spend",
        width: 12,
        height: 8,
      }),
      barGauge({
        title: "Models",
        description: "Spend in the time shown.",
        queries: [{ expr: queries.topModels, legend: `{{${MODEL}}}` }],
        unit: "currencyUSD",
        decimals: 2,
        width: 6,
      }),
      barGauge({
        title: "What is billed",
        description: "Spend in the time shown.",
        queries: [{ expr: queries.byType, legend: `{{${COST_TYPE}}}` }],
        unit: "currencyUSD",
        decimals: 2,
        width: 6,
      }),
    ],
  },
  {
    title: "Over time",
    panels: [
      timeSeries({
        title: "Spend per hour by agent",
        description: "What an hour at the present pace costs.",
        queries: [{ expr: queries.spendPerHour(AGENT), legend: `{{${AGENT}}}` }],
        unit: "currencyUSD",
        stacked: true,
        width: 8,
      }),
      timeSeries({
        title: "Spend per hour by project",
        description: "What an hour at the present pace costs.",
        queries: [{ expr: queries.spendPerHour(PROJECT), legend: `{{${PROJECT}}}` }],
        unit: "currencyUSD",
        stacked: true,
        width: 8,
      }),
      timeSeries({
        title: "Tokens a second",
        description: "Input, the part of it that came from the cache, and output.",
        queries: queries.tokenRate.map(([legend, expr]) => ({ legend, expr })),
        unit: "short",
        width: 8,
      }),
    ],
  },
];
