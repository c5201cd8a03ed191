export { createCheckedBudgetProcessor } from "./create-checked-processor.ts";
export type {
  BudgetProcessorParts,
  CheckedBudgetProcessorOptions,
} from "./create-checked-processor.ts";
