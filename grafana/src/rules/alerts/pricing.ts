import type { GrafanaConfig } from "../../config.ts";
import { MODEL, OUTCOME, PROVIDER } from "../../metrics/labels.ts";
import { ESTIMATED, PREFIX_PRICED, PRICES_AGE, REQUESTS, UNPRICED } from "../../metrics/names.ts";
import { ratio, select, total } from "../../promql/promql.ts";
import type { Alert } from "../rule.ts";
import { THE_MODEL } from "./who.ts";

const PER_MODEL = [PROVIDER, MODEL];

export function pricingAlerts({ selector, pricing, provider }: GrafanaConfig): readonly Alert[] {
  const made = total(select(REQUESTS, selector, `${OUTCOME}!="refused"`), "1h", [PROVIDER]);
  const estimated = total(select(ESTIMATED, selector), "1h", [PROVIDER]);
  return [
    {
      name: "TollgateUnpricedModel",
      concern: "pricing",
      severity: "warning",
      for: "0m",
      expr: `${total(select(UNPRICED, selector), "30m", PER_MODEL)} > 0`,
      summary: `{{ $value | humanize }} calls of ${THE_MODEL} have no known price`,
      description:
        "Their cost is missing from every figure and every budget in dollars; they are not counted as free.",
    },
    {
      name: "TollgatePricedByPrefix",
      concern: "pricing",
      severity: "info",
      for: "0m",
      expr: `${total(select(PREFIX_PRICED, selector), "1h", PER_MODEL)} > 0`,
      summary: `{{ $value | humanize }} calls of ${THE_MODEL} are priced like their family`,
      description:
        "The price data does not have this very model. The price of its family is a guess that is usually right.",
    },
    {
      name: "TollgatePricesStale",
      concern: "pricing",
      severity: "info",
      for: "1h",
      expr: `max(${select(PRICES_AGE, selector)}) > ${pricing.staleSeconds}`,
      summary: "Price data is {{ $value | humanizeDuration }} old",
      description: "Newer models may be unpriced, and changed prices are not known.",
    },
    {
      name: "TollgateEstimatedShareHigh",
      concern: "pricing",
      severity: "warning",
      for: "30m",
      expr: `${ratio(estimated, made)} > ${pricing.estimatedShare} and ${made} >= ${provider.leastRequests}`,
      summary: `Usage of {{ $value | humanizePercentage }} of the calls of {{ $labels.${PROVIDER} }} is estimated`,
      description:
        "The provider does not say what they used, or its answers are not read to their end. Cost is only as good as the estimate.",
    },
  ];
}
