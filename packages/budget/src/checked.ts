export { deliverAlerts } from "./alerts/deliver-alerts.ts";
export { createWebhook } from "./alerts/webhook.ts";
export { createCheckedBudgetProcessor } from "./create-checked-processor.ts";
export type {
  BudgetProcessorParts,
  CheckedBudgetProcessorOptions,
} from "./create-checked-processor.ts";
