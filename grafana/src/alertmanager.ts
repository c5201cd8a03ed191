import { stringify } from "yaml";
import { AGENT, BUDGET, MODEL, ORGANIZATION, PROJECT, PROVIDER } from "./metrics/labels.ts";
import type { Concern } from "./rules/rule.ts";

/** Concerns that have critical alerts, and what must be the same for these to silence the milder ones. */
const SAME = {
  budget: [BUDGET, ORGANIZATION, PROJECT, AGENT],
  store: [],
  provider: [PROVIDER, MODEL],
  collector: [],
} as const satisfies Partial<Record<Concern, readonly string[]>>;

interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

function worseSilencesMilder([concern, equal]: readonly [string, readonly string[]]): Inhibition {
  return {
    source_matchers: [`concern="${concern}"`, 'severity="critical"'],
    target_matchers: [`concern="${concern}"`, 'severity=~"warning|info"'],
    ...(equal.length > 0 && { equal }),
  };
}

/** The cause silences what follows from it. */
const CAUSES: readonly Inhibition[] = [
  {
    source_matchers: ['alertname=~"TollgateBudgetStoreDown|TollgateBudgetFailOpen"'],
    target_matchers: ['alertname=~"TollgateReservationLeak|TollgateRequestsBlocked"'],
  },
  {
    source_matchers: ['alertname="TollgateAggregatesStale"'],
    target_matchers: ['alertname="TollgateLedgerMetricsDivergence"'],
    equal: [BUDGET],
  },
  {
    source_matchers: ['alertname="TollgateBudgetProjectedOverrun"'],
    target_matchers: ['alertname="TollgateBudgetBurningSlow"'],
    equal: SAME.budget,
  },
];

/** A configuration for Alertmanager: routes by severity, and what silences what. Receivers are for you to fill in. */
export function alertmanagerConfig(): string {
  const config = {
    route: {
      receiver: "tollgate-tickets",
      group_by: ["alertname", BUDGET, PROVIDER],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [
        {
          receiver: "tollgate-page",
          matchers: ['severity="critical"'],
          group_wait: "10s",
          repeat_interval: "4h",
        },
        { receiver: "tollgate-log", matchers: ['severity="info"'], repeat_interval: "4d" },
      ],
    },
    inhibit_rules: [...Object.entries(SAME).map(worseSilencesMilder), ...CAUSES],
    receivers: [{ name: "tollgate-page" }, { name: "tollgate-tickets" }, { name: "tollgate-log" }],
  };
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}
