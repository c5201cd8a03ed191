export type {
  AggregatesConfig,
  ConfigFileInput,
  LoadedConfig,
  MetricsConfig,
  Names,
} from "./config-file.ts";
export type { StoreConfig } from "./store-config.ts";
export type { Environment } from "./environment/variables.ts";
export type { CheckedFile, FileChecker, LoadConfigOptions } from "./assemble-config.ts";
export type { OnUnpriced, PricingConfig, PricingInput } from "./pricing-config.ts";
export { checkFile } from "./check-file.ts";
export { followConfig } from "./follow/follow-config.ts";
export type { ConfigReload, FollowConfigOptions, FollowedConfig } from "./follow/follow-config.ts";
export { loadConfig } from "./load-config.ts";
export type { Problem } from "./problem/problem.ts";
export { openBudgets } from "./open-budgets.ts";
export type { ConfiguredBudgets, OpenBudgetsOptions } from "./open-budgets.ts";
export type { CollectorConfig } from "./collector-schema.ts";
export type { LedgerConfig } from "./ledger-schema.ts";
export { openLedger, openLedgerWriter } from "./open-ledger.ts";
export type { ConfiguredWriter } from "./open-ledger.ts";
export type {
  AttributionConfig,
  AttributionInput,
  AttributionRule,
  CopyRule,
  RuleConditions,
  RuleTarget,
  SetRule,
} from "./attribution-rules.ts";
export { attributionSchema } from "./attribution-rules-schema.ts";
export { compilePattern, matchesGlob } from "./pattern.ts";
