import { AGENT, MODEL, RUN_AGENT } from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { stat, timeSeries } from "../panel-kinds.ts";
import * as queries from "./queries.ts";

export const SECTIONS: readonly Section[] = [
  {
    title: "In the time shown",
    panels: [
      stat({
        title: "Cost per million tokens",
        description: "Spend over input and output: the price that is really paid, cache included.",
        queries: [{ expr: queries.perMillionTokens }],
        unit: "currencyUSD",
        decimals: 2,
        width: 5,
      }),
      stat({
        title: "Input from the cache",
        description:
          "Share of input tokens that the provider read from its cache, at a tenth to a half of the price.",
        queries: [{ expr: queries.cacheShare }],
        unit: "percentunit",
        decimals: 1,
        width: 5,
        runbook: "TollgateCacheRatioDropped",
      }),
      stat({
        title: "Cache reads per write",
        description:
          "Tokens read for each token written. Writing costs more than plain input: below about 1 it does not pay.",
        queries: [{ expr: queries.readsPerWrite }],
        unit: "none",
        decimals: 1,
        width: 5,
        noValue: "No writes",
      }),
      stat({
        title: "Output that is reasoning",
        description: "Share of output tokens that nobody sees.",
        queries: [{ expr: queries.reasoningShare }],
        unit: "percentunit",
        decimals: 1,
        width: 5,
      }),
      stat({
        title: "Calls estimated",
        description: "Share of the calls whose usage the provider did not report.",
        queries: [{ expr: queries.estimatedShare }],
        unit: "percentunit",
        decimals: 1,
        thresholds: [
          [0.05, "yellow"],
          [0.2, "red"],
        ],
        runbook: "TollgateEstimatedShareHigh",
        width: 4,
      }),
    ],
  },
  {
    title: "Cost",
    panels: [
      timeSeries({
        title: "Cost per million tokens by model",
        description: "Falls when more comes from the cache, rises with the share of output.",
        queries: [{ expr: queries.perMillionByModel, legend: `{{${MODEL}}}` }],
        unit: "currencyUSD",
      }),
      timeSeries({
        title: "Cost per 1,000 calls by agent",
        description: "A step upwards is a longer context, a dearer model or a lost cache.",
        queries: [{ expr: queries.perThousandByAgent, legend: `{{${AGENT}}}` }],
        unit: "currencyUSD",
      }),
    ],
  },
  {
    title: "Tokens",
    panels: [
      timeSeries({
        title: "Input from the cache by model",
        description: "Share of input tokens.",
        queries: [{ expr: queries.cacheShareByModel, legend: `{{${MODEL}}}` }],
        unit: "percentunit",
        max: 1,
        runbook: "TollgateCacheRatioDropped",
      }),
      timeSeries({
        title: "Output that is reasoning by model",
        description: "Share of output tokens.",
        queries: [{ expr: queries.reasoningByModel, legend: `{{${MODEL}}}` }],
        unit: "percentunit",
        max: 1,
      }),
      timeSeries({
        title: "Tokens per call",
        description: "Median and 95th percentile of what providers reported, of all calls chosen.",
        queries: [
          { expr: queries.inputPerCall(0.5), legend: "input, median" },
          { expr: queries.inputPerCall(0.95), legend: "input, 95 %" },
          { expr: queries.outputPerCall(0.5), legend: "output, median" },
          { expr: queries.outputPerCall(0.95), legend: "output, 95 %" },
        ],
        unit: "short",
      }),
      timeSeries({
        title: "Output tokens per input token by agent",
        description: "Agents that carry a long context for short answers are low.",
        queries: [{ expr: queries.outputPerInput, legend: `{{${AGENT}}}` }],
        unit: "none",
        decimals: 2,
      }),
    ],
  },
  {
    title: "Agents",
    panels: [
      timeSeries({
        title: "Model calls per run",
        description:
          "Of runs of traceAgent, on average. A rise is a loop that no longer ends by itself.",
        queries: [{ expr: queries.callsPerRun, legend: `{{${RUN_AGENT}}}` }],
        unit: "none",
        decimals: 1,
      }),
      timeSeries({
        title: "Tool calls per run",
        description: "Of runs of traceAgent, on average.",
        queries: [{ expr: queries.toolCallsPerRun, legend: `{{${RUN_AGENT}}}` }],
        unit: "none",
        decimals: 1,
      }),
    ],
  },
];
