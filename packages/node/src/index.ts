export {
  budgetExceeded,
  currentAttribution,
  isBudgetExceeded,
  withAttribution,
} from "@tollgate/core";
export type { Attribution, BudgetRefusal, UsageEvent } from "@tollgate/core";
export { startTollgate } from "./start.ts";
export type { RunningTollgate, StartOptions } from "./start.ts";
