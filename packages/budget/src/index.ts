export type { AggregateSource } from "./aggregates/source.ts";
export { createBudgetProcessor } from "./create-budget-processor.ts";
export type { BudgetProcessorOptions } from "./create-budget-processor.ts";
export type { BudgetProcessorParts } from "./create-checked-processor.ts";
export { createMemoryStore } from "./memory/memory-store.ts";
export type { MemoryStoreOptions } from "./memory/memory-store.ts";
export { unreadableByMetrics } from "./policy/metric-keys.ts";
export type { Unreadable } from "./policy/metric-keys.ts";
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
} from "./processor.ts";
export type {
  BudgetStore,
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
} from "./store/store.ts";
export type { CalendarPeriod, Window } from "./window/window.ts";
