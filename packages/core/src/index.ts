export { CONTENT_MODES, CONTENT_VARIABLE, parseContentMode } from "./content-mode.ts";
export type { ContentMode } from "./content-mode.ts";
export { ATTRIBUTION_KEYS, mergeAttribution } from "./attribution.ts";
export type { Attribution, AttributionKey } from "./attribution.ts";
export {
  currentAttribution,
  currentMeteredUrl,
  currentRun,
  withAttribution,
  withMeteredUrl,
  withRun,
} from "./attribution-context.ts";
export {
  BUDGET_EXCEEDED_CODE,
  BUDGET_EXCEEDED_HEADER,
  budgetExceeded,
  isBudgetExceeded,
  refusalError,
  refusalMarker,
} from "./budget-exceeded.ts";
export type { RefusalMarker } from "./budget-exceeded.ts";
export { describeRefusal } from "./budget-refusal.ts";
export type { BudgetRefusal, BudgetUnit, RefusalReason } from "./budget-refusal.ts";
export type { GenAiOperation, RequestFacts, ResponseFacts } from "./call.ts";
export { systemClock } from "./clock.ts";
export type { Clock } from "./clock.ts";
export { UNPRICED } from "./cost.ts";
export type { CallCost, CostType, PriceMatch, PriceSource } from "./cost.ts";
export { isTollgateError, TollgateError } from "./errors.ts";
export { streamStopped } from "./stream-stopped.ts";
export { isTimeZone, zoneOffsetMs } from "./time-zone.ts";
export type { ErrorCode } from "./errors.ts";
export { formatUsd, MAX_NANO_USD, NANO_USD_PER_USD, nanoUsdToUsd, usdToNanoUsd } from "./money.ts";
export type {
  AgentCounts,
  AgentRun,
  Run,
  RunOutcome,
  RunScope,
  SpanReference,
  TaskRun,
  ToolRun,
} from "./run.ts";
export type { ModelUsage, TokenUsage } from "./usage.ts";
export type { CallOutcome, UsageEvent } from "./usage-event.ts";
