import { BUDGET, MODEL, OUTCOME, PROVIDER, SIGNAL } from "../../metrics/labels.ts";
import type { Section } from "../dashboard.ts";
import { stat, timeSeries } from "../panel-kinds.ts";
import { table } from "../table-panel.ts";
import * as queries from "./queries.ts";

const DAY = 86_400;

export const SECTIONS: readonly Section[] = [
  {
    title: "Can the figures be trusted?",
    panels: [
      stat({
        title: "Calls without a price",
        description: "In the time shown. Their cost is in no figure and no budget in dollars.",
        queries: [{ expr: queries.unpriced }],
        unit: "short",
        thresholds: [[1, "orange"]],
        runbook: "TollgateUnpricedModel",
      }),
      stat({
        title: "Priced by family",
        description: "Calls of models that the price data does not have itself.",
        queries: [{ expr: queries.prefixPriced }],
        unit: "short",
        runbook: "TollgatePricedByPrefix",
      }),
      stat({
        title: "Calls estimated",
        description: "Calls whose usage the provider did not report.",
        queries: [{ expr: queries.estimated }],
        unit: "short",
        runbook: "TollgateEstimatedShareHigh",
      }),
      stat({
        title: "Tokens estimated",
        description: "Kept apart from those that were reported.",
        queries: [{ expr: queries.estimatedTokens }],
        unit: "short",
        runbook: "TollgateEstimatedShareHigh",
      }),
      stat({
        title: "Calls in overflow series",
        description: "Beyond the cap on series: sums stay right, names are lost.",
        queries: [{ expr: queries.overflow }],
        unit: "short",
        thresholds: [[1, "orange"]],
        runbook: "TollgateCardinalityOverflow",
      }),
      stat({
        title: "Age of prices",
        description: "Since the day of the oldest price data in use.",
        queries: [{ expr: queries.pricesAge }],
        unit: "s",
        decimals: 0,
        thresholds: [
          [60 * DAY, "yellow"],
          [90 * DAY, "orange"],
        ],
        runbook: "TollgatePricesStale",
      }),
      table({
        title: "Models without a price",
        description: "Calls in the time shown. Most want a line in pricing.overrides.",
        labels: [
          { label: PROVIDER, title: "Provider" },
          { label: MODEL, title: "Model" },
        ],
        values: [{ title: "Calls", expr: queries.unpricedModels, unit: "short", width: 120 }],
        sortBy: "Calls",
        height: 6,
        noValue: "None",
        runbook: "TollgateUnpricedModel",
      }),
    ],
  },
  {
    title: "Collector",
    panels: [
      stat({
        title: "Collectors up",
        description: "By the scrape job that config.ts names.",
        queries: [{ expr: queries.collectorsUp }],
        unit: "none",
        noValue: "None",
        width: 4,
        runbook: "TollgateCollectorDown",
      }),
      stat({
        title: "Taken in, not answered",
        description: "Requests in the queue.",
        queries: [{ expr: queries.queueRequests }],
        unit: "none",
        noValue: "No collector",
        width: 5,
      }),
      stat({
        title: "Their bytes",
        description: "As sent and decompressed. The cap is queueBytes, 128 MiB by default.",
        queries: [{ expr: queries.queueBytes }],
        unit: "bytes",
        noValue: "No collector",
        width: 5,
      }),
      stat({
        title: "Events that wait",
        description:
          "For what may tell of the same tokens: spans wait ten seconds for leaves below them.",
        queries: [{ expr: queries.waiting }],
        unit: "none",
        noValue: "No collector",
        width: 5,
      }),
      stat({
        title: "Decoding, 99 %",
        description: "Time to decode a request, of the slowest signal.",
        queries: [{ expr: `max(${queries.decode})` }],
        unit: "s",
        noValue: "No collector",
        width: 5,
      }),
      timeSeries({
        title: "Requests by outcome",
        description:
          "busy and unavailable come again; undecodable, forbidden and too_large are lost.",
        queries: [{ expr: queries.requests, legend: `{{${OUTCOME}}}` }],
        unit: "reqpm",
        stacked: true,
        width: 8,
        runbook: "TollgateCollectorDropping",
      }),
      timeSeries({
        title: "Records",
        description: "Spans, log records and points, by whether they could be used.",
        queries: [{ expr: queries.records, legend: `{{${SIGNAL}}} {{${OUTCOME}}}` }],
        unit: "cpm",
        stacked: true,
        width: 8,
        runbook: "TollgateCollectorDropping",
      }),
      timeSeries({
        title: "What became of events",
        description:
          "booked; own: charged where they were made; duplicate: told by two records; known: sent before. And how many records told of a call.",
        queries: [
          { expr: queries.events, legend: `{{${OUTCOME}}}` },
          { expr: queries.sighted, legend: "seen" },
        ],
        unit: "cpm",
        width: 8,
      }),
      timeSeries({
        title: "Bytes received",
        description: "After decompression.",
        queries: [{ expr: queries.bytes, legend: `{{${SIGNAL}}}` }],
        unit: "Bps",
        width: 8,
      }),
      timeSeries({
        title: "Values cut",
        description: "Values of records that exceeded a limit.",
        queries: [{ expr: queries.cut, legend: `{{${SIGNAL}}}` }],
        unit: "cpm",
        width: 8,
      }),
      timeSeries({
        title: "Store and charges",
        description:
          "Failures of the budget store, and charges that wait in the ledger because it did not answer.",
        queries: [
          { expr: queries.storeErrors, legend: "store failures" },
          { expr: queries.deferred, legend: "charges deferred" },
        ],
        unit: "cpm",
        width: 8,
        runbook: "TollgateBudgetStoreDown",
      }),
    ],
  },
  {
    title: "Budgets that decide on metrics",
    panels: [
      stat({
        title: "Deciding on metrics",
        description: "Processes that look for their own series in Prometheus.",
        queries: [{ expr: queries.processes }],
        unit: "none",
        height: 8,
        noValue: "None",
      }),
      timeSeries({
        title: "Metrics against the ledger",
        description:
          "What metrics say less what the ledger says, as a share of the limit. Only of budgets that decide on metrics.",
        queries: [{ expr: queries.divergence, legend: `{{${BUDGET}}}` }],
        unit: "percentunit",
        min: -0.1,
        width: 10,
        runbook: "TollgateLedgerMetricsDivergence",
      }),
      timeSeries({
        title: "Age of the metrics that budgets decide on",
        description: "And readings of them that failed. Only of budgets that decide on metrics.",
        queries: [
          { expr: queries.aggregatesAge, legend: `{{${BUDGET}}}` },
          { expr: `${queries.aggregatesFailures} > 0`, legend: `{{${BUDGET}}}: failures a second` },
        ],
        unit: "s",
        width: 10,
        runbook: "TollgateAggregatesStale",
      }),
    ],
  },
];
