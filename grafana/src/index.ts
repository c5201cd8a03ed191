export { CONFIG } from "./config.ts";
export type { BurnTier, GrafanaConfig } from "./config.ts";
export { alertsOf, generateRules, ruleGroups } from "./rules/generate-rules.ts";
export type { RuleOptions } from "./rules/generate-rules.ts";
export type { BudgetThresholds } from "./rules/alerts/own-thresholds.ts";
export type { Alert, RecordingRule, RuleGroup } from "./rules/rule.ts";
