import type { GrafanaConfig } from "../../config.ts";
import { ACTION, BUDGET, REASON } from "../../metrics/labels.ts";
import { DECISIONS, PRESUMED, REQUESTS, STORE_ERRORS } from "../../metrics/names.ts";
import { select, sumRate, total } from "../../promql/promql.ts";
import { RESERVED } from "../recording/records.ts";
import type { Alert } from "../rule.ts";

export function storeAlerts({ selector, budget }: GrafanaConfig): readonly Alert[] {
  return [
    {
      name: "TollgateBudgetStoreDown",
      concern: "store",
      severity: "warning",
      for: "2m",
      expr: `${total(select(STORE_ERRORS, selector), "5m")} > 0`,
      summary: "The budget store fails ({{ $value | humanize }} times in five minutes)",
      description:
        "Each budget's onStoreError decides what becomes of calls: closed refuses, bounded counts in each process alone, open lets pass.",
    },
    {
      name: "TollgateBudgetFailOpen",
      concern: "store",
      severity: "critical",
      for: "0m",
      expr: `${total(select(DECISIONS, selector, `${ACTION}="allow"`, `${REASON}="store_unavailable"`), "5m", [BUDGET])} > 0`,
      summary: `{{ $value | humanize }} calls passed without a budget's word in five minutes{{ with $labels.${BUDGET} }} ({{ . }}){{ end }}`,
      description:
        "The budget store did not answer and onStoreError is open: nothing limits what is spent until it answers again.",
    },
    {
      name: "TollgateReservationLeak",
      concern: "holds",
      severity: "warning",
      for: "0m",
      expr: [
        `${total(select(PRESUMED, selector), "1h", [BUDGET])} > ${budget.presumedUsd}`,
        `(min_over_time(${RESERVED}{unit="usd"}[30m]) > 0 unless on () ${sumRate(select(REQUESTS, selector), "30m")} > 0)`,
      ].join("\nor\n"),
      summary: `Budget {{ $labels.${BUDGET} }} holds or was charged \${{ $value | humanize }} for calls that never reported their end`,
      description:
        "Holds of calls whose process died or lost the store are charged as held a minute later. More than a few mean crashes, or processes that are ended without a chance to finish.",
    },
  ];
}
