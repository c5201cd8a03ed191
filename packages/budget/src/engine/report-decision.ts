import type { BudgetRefusal } from "@tollgate/core";
import type { BudgetDecisionEvent } from "../processor.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import type { Listeners } from "./listeners.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import type { Grant } from "./store-access.ts";

/** How long a call waited, and for whom. */
export interface Passage {
  readonly throttledMs: number;
  /** The budget that made it wait, and why. */
  readonly throttledBy: { readonly budget: string; readonly reason: string } | undefined;
}

export const STRAIGHT: Passage = { throttledMs: 0, throttledBy: undefined };

/** Counts decisions per budget and tells them to subscribers. */
export interface DecisionReport {
  granted(plan: Plan, grant: Grant, passage: Passage): void;
  denied(plan: Plan, refusal: BudgetRefusal, passage: Passage): void;
}

type Said = Pick<BudgetDecisionEvent, "action" | "reason">;

const FITS: Said = { action: "allow", reason: "fits" };

export function createDecisionReport(
  counts: DecisionCounts,
  listeners: Listeners<BudgetDecisionEvent>,
): DecisionReport {
  /** One event for each budget that throttled or alerted, else one for the call. */
  function tellGranted(
    { call }: Plan,
    said: ReadonlyMap<string, Said> | undefined,
    throttledMs: number,
  ): void {
    let allowed: Said | undefined = FITS;
    for (const [budget, { action, reason }] of said ?? []) {
      if (action === "allow") {
        if (allowed === FITS) allowed = { action, reason };
        continue;
      }
      allowed = undefined;
      listeners.tell({ call, action, budget, reason, throttledMs });
    }
    if (allowed) listeners.tell({ call, ...allowed, budget: undefined, throttledMs });
  }

  return {
    granted(plan, grant, passage) {
      const said = remarks(plan, grant, passage);
      for (const { id } of plan.matched.policies) {
        const { action, reason } = said?.get(id) ?? FITS;
        counts.add(id, action, reason);
      }
      if (listeners.any) tellGranted(plan, said, passage.throttledMs);
    },
    denied({ call }, { budget, reason }, { throttledMs }) {
      counts.add(budget, "deny", reason);
      listeners.tell({ call, action: "deny", budget, reason, throttledMs });
    },
  };
}

/** What is to be said of single budgets; `undefined` when the call just fits, as most do. */
function remarks(
  plan: Plan,
  { booking, remaining }: Grant,
  { throttledBy }: Passage,
): ReadonlyMap<string, Said> | undefined {
  let said: Map<string, Said> | undefined;
  if (booking.makeshift) {
    said = new Map();
    for (const { id } of plan.matched.policies) {
      said.set(id, { action: "allow", reason: "store_unavailable" });
    }
  }
  for (const [index, hold] of booking.holds.entries()) {
    const remark = remarkOn(hold, remaining[index] ?? 0);
    if (remark !== undefined) (said ??= new Map()).set(hold.policy.id, remark);
  }
  if (throttledBy !== undefined) {
    const { budget, reason } = throttledBy;
    (said ??= new Map()).set(budget, { action: "throttle", reason });
  }
  return said;
}

function remarkOn({ policy, trouble }: PlannedHold, remaining: number): Said | undefined {
  if (policy.onExceed === "alert") {
    const over = policy.guarantee === "advisory" ? remaining <= 0 : remaining < 0;
    if (over) return { action: "alert", reason: "exceeded" };
    if (trouble?.reason === "unboundable") return { action: "alert", reason: trouble.reason };
  }
  return trouble && { action: "allow", reason: trouble.reason };
}
