import type { BudgetState, Policy } from "@tollgate/budget";
import type { Caller } from "../access/caller.ts";

/**
 * The counters that a caller may see: of a tenant those that count its organisation alone. What a budget of several tenants has left
 * would tell of the others.
 */
export function visibleTo(
  caller: Caller,
  states: readonly BudgetState[],
  policies: readonly Policy[],
): readonly BudgetState[] {
  const { organization } = caller;
  if (organization === undefined) return states;
  const pinned = new Set(
    policies.filter(({ match }) => match.organization === organization).map(({ id }) => id),
  );
  return states.filter(({ budget, scope }) =>
    scope["organization"] === undefined
      ? pinned.has(budget)
      : scope["organization"] === organization,
  );
}
