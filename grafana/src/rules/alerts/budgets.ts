import type { GrafanaConfig } from "../../config.ts";
import { ACTION, BUDGET, BUDGET_LABELS, REASON } from "../../metrics/labels.ts";
import { DECISIONS, OVERRUN } from "../../metrics/names.ts";
import { select, total } from "../../promql/promql.ts";
import { burnPairs, type BurnPair } from "../burn-windows.ts";
import {
  burn,
  ELAPSED,
  END,
  HIGHEST_UTILIZATION,
  SPENT_SHARE,
  START,
} from "../recording/records.ts";
import type { Alert } from "../rule.ts";
import { THE_BUDGET } from "./who.ts";

const ON_BUDGET = `on (${BUDGET_LABELS.join(", ")})`;

/** @param ownThresholds - budgets that say themselves when to alert: the soft limit is not for them. */
export function budgetAlerts(
  config: GrafanaConfig,
  ownThresholds: readonly string[] = [],
): readonly Alert[] {
  const { softLimit, exhausted, projectAfter, projectedShare, overrunUsd } = config.budget;
  const others = ownThresholds.length === 0 ? [] : [`${BUDGET}!~"${ownThresholds.join("|")}"`];
  return [
    {
      name: "TollgateBudgetSoftLimit",
      concern: "budget",
      severity: "warning",
      for: "2m",
      expr: `${select(HIGHEST_UTILIZATION, ...others)} >= ${softLimit}`,
      summary: `${THE_BUDGET} is used to {{ $value | humanizePercentage }}`,
      description:
        "Spent and held amounts have reached the soft limit. At 100 % the budget denies, throttles or only reports, as its onExceed says.",
    },
    {
      name: "TollgateBudgetExhausted",
      concern: "budget",
      severity: "critical",
      for: "1m",
      expr: `${HIGHEST_UTILIZATION} >= ${exhausted}`,
      summary: `${THE_BUDGET} is used up ({{ $value | humanizePercentage }})`,
      description:
        "Calls under this budget are refused, wait, or pass and are reported, as its onExceed says, until the window ends or the limit is raised.",
    },
    {
      name: "TollgateBudgetProjectedOverrun",
      concern: "budget",
      severity: "warning",
      for: "15m",
      expr: `(${SPENT_SHARE} / ${ON_BUDGET} group_left () (${ELAPSED} > ${projectAfter}) > ${projectedShare}) and ${SPENT_SHARE} < 1`,
      summary: `${THE_BUDGET} is on its way to {{ $value | humanizePercentage }} of its limit`,
      description:
        "At the average pace since the window began, the limit will not last to its end.",
    },
    {
      name: "TollgateBudgetBurningFast",
      concern: "budget",
      severity: "critical",
      for: "2m",
      expr: burning(burnPairs(config).filter(({ tier }) => tier.urgent)),
      summary: `${THE_BUDGET} is being used {{ $value | humanize }} times faster than it bears`,
      description:
        "Both the long and the short range say so, and at this pace the limit is reached before its window ends. Often a loop, a retry storm or a new release.",
    },
    {
      name: "TollgateBudgetBurningSlow",
      concern: "budget",
      severity: "warning",
      for: "15m",
      expr: burning(burnPairs(config).filter(({ tier }) => !tier.urgent)),
      summary: `${THE_BUDGET} is being used {{ $value | humanize }} times faster than it bears`,
      description:
        "For a good part of its window the budget has been used faster than it bears, and it will not last to the end.",
    },
    {
      name: "TollgateRequestsBlocked",
      concern: "budget",
      severity: "warning",
      for: "0m",
      expr: `${total(select(DECISIONS, config.selector, `${ACTION}="deny"`), "10m", [BUDGET, REASON])} > 0`,
      summary: `Budget {{ $labels.${BUDGET} }} has refused {{ $value | humanize }} calls in ten minutes ({{ $labels.${REASON} }})`,
      description:
        "The apps got HTTP 402 in their provider's error shape. The reason says why: exceeded, frozen, runaway, unpriced, unboundable, store_unavailable.",
    },
    {
      name: "TollgateBudgetOverrun",
      concern: "budget",
      severity: "warning",
      for: "0m",
      expr: `${total(select(OVERRUN, config.selector), "1h", [BUDGET])} > ${overrunUsd}`,
      summary: `Calls under budget {{ $labels.${BUDGET} }} cost \${{ $value | humanize }} more in an hour than they had held`,
      description:
        "What a call costs above its hold is booked in full, so the limit may be exceeded by that much.",
    },
  ];
}

/** Fast in both ranges, so that it stops alerting soon after it stops, and only where the rest will not do. */
function burning(pairs: readonly BurnPair[]): string {
  return pairs.map(burningIn).join("\nor\n");
}

function burningIn({ tier, above, upTo, longMinutes, shortMinutes }: BurnPair): string {
  const [long, short] = [burn(longMinutes), burn(shortMinutes)];
  const length = `(${END} - ${START})`;
  const outBefore = `${SPENT_SHARE} + ${long} * ${ON_BUDGET} group_left () (1 - ${ELAPSED}) > 1`;
  return `(${long} > ${tier.factor} and ${short} > ${tier.factor} and ${ON_BUDGET} (${length} > ${above} and ${length} <= ${upTo}) and ${outBefore})`;
}
