import { AGENT, ERROR_TYPE, MODEL, PROVIDER, RUN_AGENT, TOOL } from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { stat, timeSeries } from "../panel-kinds.ts";
import * as queries from "./queries.ts";

export const SECTIONS: readonly Section[] = [
  {
    title: "Now and in the time shown",
    panels: [
      stat({
        title: "Calls take, median",
        description: "From the request to the end of the answer, over the last scrapes.",
        queries: [{ expr: queries.duration(0.5) }],
        unit: "s",
      }),
      stat({
        title: "Calls take, 95 %",
        description: "From the request to the end of the answer, over the last scrapes.",
        queries: [{ expr: queries.duration(0.95) }],
        unit: "s",
      }),
      stat({
        title: "First chunk, 95 %",
        description: "Of streams, from the request to their first chunk, over the last scrapes.",
        queries: [{ expr: queries.firstChunk(0.95) }],
        unit: "s",
        noValue: "No streams",
      }),
      stat({
        title: "Failed",
        description: "Share of the calls in the time shown that ended in an error.",
        queries: [{ expr: queries.errorShare }],
        unit: "percentunit",
        decimals: 1,
        thresholds: [
          [0.02, "yellow"],
          [0.05, "red"],
        ],
        runbook: "TollgateErrorRateHigh",
      }),
      stat({
        title: "Rate limited",
        description: "Share of the calls in the time shown that met a rate limit or an overload.",
        queries: [{ expr: queries.limitedShare }],
        unit: "percentunit",
        decimals: 1,
        thresholds: [
          [0.01, "yellow"],
          [0.05, "red"],
        ],
        runbook: "TollgateProviderRateLimited",
      }),
      stat({
        title: "Given up by apps",
        description:
          "Share of the calls in the time shown that the app aborted, or that ran into its time limit.",
        queries: [{ expr: queries.cancelledShare }],
        unit: "percentunit",
        decimals: 1,
      }),
    ],
  },
  {
    title: "Calls",
    panels: [
      timeSeries({
        title: "Duration",
        description: "Of all calls chosen.",
        queries: [
          { expr: queries.duration(0.5), legend: "median" },
          { expr: queries.duration(0.95), legend: "95 %" },
          { expr: queries.duration(0.99), legend: "99 %" },
        ],
        unit: "s",
      }),
      timeSeries({
        title: "Duration by model, 95 %",
        description: "From the request to the end of the answer.",
        queries: [{ expr: queries.durationByModel, legend: `{{${MODEL}}}` }],
        unit: "s",
      }),
      timeSeries({
        title: "Time to the first chunk by model, 95 %",
        description: "Of streams.",
        queries: [{ expr: queries.firstChunkByModel, legend: `{{${MODEL}}}` }],
        unit: "s",
      }),
      timeSeries({
        title: "Output tokens per second by model",
        description: "Output over the time that calls took, waiting for the first chunk included.",
        queries: [{ expr: queries.tokensPerSecond, legend: `{{${MODEL}}}` }],
        unit: "none",
        decimals: 0,
      }),
      timeSeries({
        title: "Calls by model",
        description: "Physical attempts that left.",
        queries: [{ expr: queries.callRateByModel, legend: `{{${MODEL}}}` }],
        unit: "reqpm",
        stacked: true,
      }),
      timeSeries({
        title: "Calls by agent",
        description: "Physical attempts that left.",
        queries: [{ expr: queries.callRateByAgent, legend: `{{${AGENT}}}` }],
        unit: "reqpm",
        stacked: true,
      }),
    ],
  },
  {
    title: "Errors, agents and tools",
    panels: [
      timeSeries({
        title: "Errors by type",
        description: "HTTP statuses, the provider's own types, and errors of the network.",
        queries: [{ expr: queries.errorsByType, legend: `{{${PROVIDER}}} {{${ERROR_TYPE}}}` }],
        unit: "reqpm",
        stacked: true,
        width: 8,
        runbook: "TollgateErrorRateHigh",
      }),
      timeSeries({
        title: "Runs of agents, 95 %",
        description: "From the invocation to the end of the answer, tools and calls included.",
        queries: [{ expr: queries.agentDuration, legend: `{{${RUN_AGENT}}}` }],
        unit: "s",
        width: 8,
      }),
      timeSeries({
        title: "Tools, 95 %",
        description: "From the start of a tool to the end of its result.",
        queries: [{ expr: queries.toolDuration, legend: `{{${TOOL}}}` }],
        unit: "s",
        width: 8,
      }),
    ],
  },
];
