import type { BudgetCheck } from "../operations.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import { refuseUnavailable } from "./refusal.ts";
import type { Waited } from "./waiting-line.ts";

/** The check of a call that no budget is for. */
export const UNBUDGETED: BudgetCheck = {
  action: "allow",
  refusal: undefined,
  holds: [],
  remarks: ["no budget is for this call"],
};

/** @param asked - `undefined` when the store does not answer. */
export function describeCheck(plan: Plan, asked: Waited | undefined): BudgetCheck {
  const holds = plan.holds.map(({ counter, amount, requested, trouble, policy }) => {
    const { budget, unit, scope } = counter;
    const known = trouble === undefined ? amount : requested;
    return { budget, unit, scope, amount: known, onExceed: policy.onExceed };
  });
  const remarks = plan.holds.flatMap(remarkOn);
  if (asked === undefined) return { ...whileAway(plan), holds };
  if ("grant" in asked) return { action: "allow", refusal: undefined, holds, remarks };
  const { refusal, worthWaiting } = asked.refused;
  return { action: worthWaiting ? "throttle" : "deny", refusal, holds, remarks };
}

function whileAway({ holds }: Plan): Omit<BudgetCheck, "holds"> {
  const closed = holds.find(({ policy }) => policy.onStoreError === "closed");
  const remarks = ["the store does not answer"];
  if (closed === undefined) return { action: "allow", refusal: undefined, remarks };
  return { action: "deny", refusal: refuseUnavailable(closed).refusal, remarks };
}

function remarkOn({ policy, counter, trouble }: PlannedHold): string[] {
  if (trouble === undefined) return [];
  const what = trouble.reason === "unpriced" ? "the model has no price" : "its cost has no bound";
  const detail = trouble.detail === undefined ? "" : ` (${trouble.detail})`;
  return [`${policy.id}, ${counter.unit}: ${what}${detail}`];
}
