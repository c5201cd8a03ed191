export {
  budgetExceeded,
  currentAttribution,
  isBudgetExceeded,
  withAttribution,
} from "@tollgate/core";
export type { Attribution, BudgetRefusal, UsageEvent } from "@tollgate/core";
export {
  createAgentSpanProcessor,
  traceAgent,
  traceTask,
  traceTool,
} from "@tollgate/instrumentation/fetch";
export { startTollgate } from "./start.ts";
export type { RunningTollgate, StartOptions } from "./start.ts";
