/** For the start of a process: what reads a file is loaded only if there is one. */
export { assembleConfig } from "./assemble-config.ts";
export type { CheckedFile, FileChecker, LoadConfigOptions } from "./assemble-config.ts";
export type { LoadedConfig } from "./config-file.ts";
export type { ConfigReload, FollowConfigOptions, FollowedConfig } from "./follow/follow-config.ts";
export type { LedgerConfig } from "./ledger-schema.ts";
export type { ConfiguredWriter } from "./open-ledger.ts";
export { openBudgets } from "./open-budgets.ts";
export type { ConfiguredBudgets, OpenBudgetsOptions } from "./open-budgets.ts";
