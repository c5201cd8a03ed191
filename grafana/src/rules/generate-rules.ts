import { stringify } from "yaml";
import type { GrafanaConfig } from "../config.ts";
import { budgetAlerts } from "./alerts/budgets.ts";
import { ownThresholdAlerts, type BudgetThresholds } from "./alerts/own-thresholds.ts";
import { pipelineAlerts } from "./alerts/pipeline.ts";
import { pricingAlerts } from "./alerts/pricing.ts";
import { providerAlerts } from "./alerts/providers.ts";
import { spendAlerts } from "./alerts/spend.ts";
import { storeAlerts } from "./alerts/store.ts";
import { budgetRecords } from "./recording/budgets.ts";
import { usageRecords } from "./recording/usage.ts";
import type { Alert, RecordingRule, RuleGroup } from "./rule.ts";

/** What rules are made for. */
export interface RuleOptions {
  readonly config: GrafanaConfig;
  /** Budgets that ask for thresholds of their own, as `alertAt` in tollgate.yaml. @defaultValue none */
  readonly budgets?: readonly BudgetThresholds[];
}

/** All groups: records first, then alerts, which are evaluated over them. */
export function ruleGroups({ config, budgets = [] }: RuleOptions): readonly RuleGroup[] {
  const ids = budgets.map(({ id }) => id);
  return [
    { name: "tollgate-budget-records", rules: budgetRecords(config) },
    { name: "tollgate-usage-records", rules: usageRecords(config) },
    {
      name: "tollgate-budgets",
      rules: [...budgetAlerts(config, ids), ...ownThresholdAlerts(budgets)],
    },
    { name: "tollgate-store", rules: storeAlerts(config) },
    { name: "tollgate-spend", rules: [...spendAlerts(config), ...pricingAlerts(config)] },
    { name: "tollgate-providers", rules: providerAlerts(config) },
    { name: "tollgate-pipeline", rules: pipelineAlerts(config) },
  ];
}

export function alertsOf(groups: readonly RuleGroup[]): readonly Alert[] {
  return groups.flatMap(({ rules }) => rules.filter(isAlert));
}

export function isAlert(rule: RecordingRule | Alert): rule is Alert {
  return "name" in rule;
}

/** A rules file for Prometheus. */
export function generateRules(options: RuleOptions): string {
  return writeRules(ruleGroups(options), options.config);
}

export function writeRules(given: readonly RuleGroup[], config: GrafanaConfig): string {
  const groups = given.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.map((rule) => (isAlert(rule) ? writeAlert(rule, config) : rule)),
  }));
  return stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function writeAlert(alert: Alert, { runbookUrl }: GrafanaConfig): object {
  const { name, concern, severity, expr, summary, description } = alert;
  return {
    alert: name,
    expr,
    for: alert.for,
    labels: { severity, concern },
    annotations: { summary, description, runbook_url: `${runbookUrl}${name}.md` },
  };
}
