import {
  createCheckedBudgetProcessor,
  type BudgetProcessorParts,
} from "./create-checked-processor.ts";
import type { GuardInput } from "./guard/guard-policy.ts";
import { parseGuards } from "./guard/schema.ts";
import { parsePolicies } from "./policy/parse.ts";
import type { PolicyInput } from "./policy/policy.ts";
import type { BudgetProcessor } from "./processor.ts";

export interface BudgetProcessorOptions extends BudgetProcessorParts {
  /** In any order: a call must pass all that match it. An empty list lets everything pass. */
  readonly policies: readonly PolicyInput[];
  /** Watch for runaways, also among calls that no budget is for. @defaultValue none */
  readonly guards?: readonly GuardInput[] | undefined;
}

/**
 * Makes the budget processor of an app.
 *
 * @throws TollgateError `TOLLGATE_POLICY_INVALID` when a policy or a guard is not valid, `TOLLGATE_CONFIG_INVALID` when
 *   the store cannot hold one of the policies.
 */
export function createBudgetProcessor(options: BudgetProcessorOptions): BudgetProcessor {
  const policies = parsePolicies(options.policies);
  const ids = policies.map(({ id }) => id);
  const guards = options.guards && parseGuards(options.guards, ids);
  return createCheckedBudgetProcessor({ ...options, policies, guards });
}
