import {
  createCheckedBudgetProcessor,
  type BudgetProcessorParts,
} from "./create-checked-processor.ts";
import { parsePolicies } from "./policy/parse.ts";
import type { PolicyInput } from "./policy/policy.ts";
import type { BudgetProcessor } from "./processor.ts";

export interface BudgetProcessorOptions extends BudgetProcessorParts {
  /** In any order: a call must pass all that match it. An empty list lets everything pass. */
  readonly policies: readonly PolicyInput[];
}

/**
 * Makes the budget processor of an app.
 *
 * @throws TollgateError `TOLLGATE_POLICY_INVALID` when a policy is not valid.
 */
export function createBudgetProcessor(options: BudgetProcessorOptions): BudgetProcessor {
  return createCheckedBudgetProcessor({ ...options, policies: parsePolicies(options.policies) });
}
