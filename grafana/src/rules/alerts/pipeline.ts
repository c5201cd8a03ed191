import type { GrafanaConfig } from "../../config.ts";
import { BUDGET, BUDGET_LABELS, OUTCOME, OVERFLOW, SIGNAL } from "../../metrics/labels.ts";
import {
  AGGREGATES_AGE,
  budgetAmount,
  COLLECTOR_RECORDS,
  COLLECTOR_REQUESTS,
  COST,
  REQUESTS,
  UNITS,
  UTILIZATION,
} from "../../metrics/names.ts";
import { maxBy, overInstances, ratio, select, total } from "../../promql/promql.ts";
import type { Alert } from "../rule.ts";
import { THE_BUDGET } from "./who.ts";

export function pipelineAlerts(config: GrafanaConfig): readonly Alert[] {
  const { selector, budget, pipeline, collectorSelector } = config;
  const apart = UNITS.map(
    (unit) =>
      `abs(${overInstances(budgetAmount("divergence", unit), [selector])}) / (${overInstances(budgetAmount("limit", unit), [selector], "max")}) > ${budget.divergence}`,
  );
  const overflow = `${OVERFLOW}="true"`;
  const refused = `${OUTCOME}!~"accepted|partial|gone"`;
  const share = (metric: string, matcher: string): string =>
    ratio(
      total(select(metric, selector, matcher), "10m", [SIGNAL]),
      total(select(metric, selector), "10m", [SIGNAL]),
    );
  return [
    {
      name: "TollgateLedgerMetricsDivergence",
      concern: "metrics",
      severity: "warning",
      for: "15m",
      expr: apart.join("\nor\n"),
      summary: `${THE_BUDGET}: metrics and ledger differ by {{ $value | humanizePercentage }} of the limit`,
      description:
        "The budget decides on metrics that lost or doubled spend: processes that are not scraped, or scraped twice, or restarts between two scrapes.",
    },
    {
      name: "TollgateAggregatesStale",
      concern: "metrics",
      severity: "warning",
      for: "5m",
      expr: `${maxBy([BUDGET], select(AGGREGATES_AGE, selector))} > ${budget.aggregatesAgeSeconds}`,
      summary: `Budget {{ $labels.${BUDGET} }} decides on metrics that are {{ $value | humanizeDuration }} old`,
      description: "Prometheus could not be read. Then the budget's onStoreError decides.",
    },
    {
      name: "TollgateCardinalityOverflow",
      concern: "metrics",
      severity: "warning",
      for: "0m",
      expr: [
        `${total(select(REQUESTS, selector, overflow), "1h")} > 0`,
        `${total(select(COST, selector, overflow), "1h")} > 0`,
        `${maxBy(BUDGET_LABELS, select(UTILIZATION, selector, overflow))} >= 0`,
      ].join("\nor\n"),
      summary: "A process has more series than its cap; newcomers share one series",
      description:
        "Sums stay right, but what came last can no longer be told apart. A label takes too many values, most often agent or project.",
    },
    {
      name: "TollgateCollectorDown",
      concern: "collector",
      severity: "critical",
      for: "5m",
      expr: `up{${collectorSelector}} == 0`,
      summary: "The collector {{ $labels.instance }} cannot be scraped",
      description:
        "What it would receive is neither booked nor charged. Senders keep it for a while and send it again.",
    },
    {
      name: "TollgateCollectorDropping",
      concern: "collector",
      severity: "warning",
      for: "5m",
      expr: [
        `${share(COLLECTOR_REQUESTS, refused)} > ${pipeline.droppedShare}`,
        `${share(COLLECTOR_RECORDS, `${OUTCOME}="rejected"`)} > ${pipeline.droppedShare}`,
      ].join("\nor\n"),
      summary: `The collector turns away {{ $value | humanizePercentage }} of {{ $labels.${SIGNAL} }}`,
      description:
        "Requests that are refused as busy or unavailable come again; those that are undecodable, forbidden or too large, and rejected records, are lost.",
    },
  ];
}
