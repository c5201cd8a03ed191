import type { BudgetCheck } from "../operations.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import { refuseUnavailable } from "./refusal.ts";
import type { Asked } from "./store-access.ts";

/** The check of a call that no budget is for. */
export const UNBUDGETED: BudgetCheck = {
  action: "allow",
  refusal: undefined,
  holds: [],
  maxOutputTokens: undefined,
  remarks: ["no budget is for this call"],
};

/** The part of a store's answer that decides. */
type Answer =
  | Pick<Extract<Asked, { grant: unknown }>, "grant">
  | Pick<Extract<Asked, { refused: unknown }>, "refused">;

/** @param asked - `undefined` when the store does not answer. */
export function describeCheck(plan: Plan, asked: Answer | undefined): BudgetCheck {
  const holds = plan.holds.map(({ counter, amount, requested, trouble, policy }) => {
    const { budget, unit, scope } = counter;
    const known = trouble === undefined ? amount : requested;
    return { budget, unit, scope, amount: known, onExceed: policy.onExceed };
  });
  const remarks = plan.holds.flatMap(remarkOn);
  if (asked === undefined) return { ...whileAway(plan), holds, maxOutputTokens: undefined };
  if ("grant" in asked) {
    const { maxOutputTokens } = asked.grant;
    return { action: "allow", refusal: undefined, holds, maxOutputTokens, remarks };
  }
  const { refusal, worthWaiting } = asked.refused;
  const action = worthWaiting ? "throttle" : "deny";
  return { action, refusal, holds, maxOutputTokens: undefined, remarks };
}

function whileAway({ holds }: Plan): Omit<BudgetCheck, "holds" | "maxOutputTokens"> {
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
