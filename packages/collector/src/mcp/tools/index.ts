import type { AddTool } from "../tool.ts";
import { addCheckBudget } from "./check-budget.ts";
import { addEstimateCost } from "./estimate-cost.ts";
import { addForecastSpend } from "./forecast-spend.ts";
import { addGetTokenSummary } from "./get-token-summary.ts";
import { addListBudgets } from "./list-budgets.ts";
import { addRecordTokenEvent } from "./record-token-event.ts";
import { addUpdateTaskStatus } from "./update-task-status.ts";

/** All tools, a line each. */
export const TOOLS: readonly AddTool[] = [
  addRecordTokenEvent,
  addGetTokenSummary,
  addUpdateTaskStatus,
  addCheckBudget,
  addListBudgets,
  addEstimateCost,
  addForecastSpend,
];
