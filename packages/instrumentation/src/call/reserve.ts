import type { BudgetRefusal } from "@tollgate/core";
import type { BudgetDecision } from "@tollgate/budget";
import { budgetCallOf, type Call, type Toll } from "./call.ts";

/**
 * Asks the budget. Before it, where models without a price are denied, the price list; not of work that is
 * under way, for which that would come too late.
 */
export function reserve(
  toll: Toll,
  call: Call,
  underway?: boolean,
): BudgetDecision | Promise<BudgetDecision> {
  if (toll.onUnpriced === "deny" && underway !== true && isUnpriced(toll, call)) return DENIED;
  const asked = budgetCallOf(toll, call);
  return toll.budget.reserve(underway === undefined ? asked : { ...asked, underway });
}

function isUnpriced({ pricer }: Toll, { request, match, timeMs }: Call): boolean {
  if (request.free === true) return false;
  return !pricer.hasPrice({ provider: match.provider, model: request.model, timeMs });
}

/** Named after the key that refuses, which no budget can be called. */
const REFUSAL: BudgetRefusal = {
  budget: "pricing.onUnpriced",
  reason: "unpriced",
  unit: "requests",
  limit: 0,
  remaining: 0,
  requested: 1,
  resetsAtMs: undefined,
};

const DENIED: BudgetDecision = { granted: false, refusal: REFUSAL, throttledMs: 0 };
