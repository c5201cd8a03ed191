export type { AggregateSource } from "./aggregates/source.ts";
export { deliverAlerts } from "./alerts/deliver-alerts.ts";
export type {
  DeliverAlertsOptions,
  WebhookDecision,
  WebhookEventKind,
  WebhookMessage,
} from "./alerts/deliver-alerts.ts";
export { verifyWebhook } from "./alerts/sign-webhook.ts";
export type { ReceivedWebhook, WebhookVerdict } from "./alerts/sign-webhook.ts";
export { createWebhook } from "./alerts/webhook.ts";
export type { Webhook, WebhookOptions } from "./alerts/webhook.ts";
export { createBudgetProcessor } from "./create-budget-processor.ts";
export type { BudgetProcessorOptions } from "./create-budget-processor.ts";
export type { BudgetProcessorParts } from "./create-checked-processor.ts";
export type { BudgetRules } from "./engine/rules.ts";
export { createMemoryStore } from "./memory/memory-store.ts";
export type { MemoryStoreOptions } from "./memory/memory-store.ts";
export type {
  Guard,
  GuardAction,
  GuardInput,
  RunawayAlert,
  RunawaySign,
} from "./guard/guard-policy.ts";
export { guardSchema, parseGuards } from "./guard/schema.ts";
export { verifyLedger } from "./journal/verify-ledger.ts";
export type { VerifyLedgerOptions } from "./journal/verify-ledger.ts";
export type { LedgerFault, LedgerFaultKind, LedgerReport } from "./journal/faults.ts";
export type { JournalCharge, JournalEvent, JournalHold } from "./journal/events.ts";
export type {
  BudgetCheck,
  BudgetControl,
  BudgetExplanation,
  BudgetFreeze,
  BudgetOperations,
  BudgetOverride,
  BudgetTarget,
  BudgetTopUp,
  HoldCheckResult,
  OpenLeaseState,
  UnitAmounts,
} from "./operations.ts";
export { unreadableByMetrics } from "./policy/metric-keys.ts";
export type { Unreadable } from "./policy/metric-keys.ts";
export { notOfOneOrganization } from "./policy/one-organization.ts";
export { parsePolicies } from "./policy/parse.ts";
export type {
  DecideOn,
  Guarantee,
  MatchKey,
  OnExceed,
  OnStoreError,
  Policy,
  PolicyInput,
  WindowInput,
} from "./policy/policy.ts";
export { policiesSchema, policySchema } from "./policy/schema.ts";
export type {
  Amounts,
  BudgetAlert,
  BudgetCall,
  BudgetCharge,
  BudgetDecision,
  BudgetDecisionEvent,
  BudgetLease,
  BudgetProcessor,
  BudgetState,
  CallBound,
  GrowthAnswer,
  LeaseGrowth,
  OutputRange,
  StreamProgress,
} from "./processor.ts";
export type {
  BudgetStore,
  Control,
  Counter,
  CounterState,
  Hold,
  HoldCheck,
  HoldRefusal,
  MaybePromise,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoreNotice,
  StoreStates,
  StoredControl,
  TopUp,
} from "./store/store.ts";
export type { CalendarPeriod, Window } from "./window/window.ts";
