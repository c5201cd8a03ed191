import type { Attribution, BudgetRefusal, BudgetUnit } from "@tollgate/core";
import type { BudgetRules } from "./engine/rules.ts";
import type { BudgetCall } from "./processor.ts";

/** A budget, or one scope of it. */
export interface BudgetTarget {
  /** The policy's id. */
  readonly budget: string;
  /**
   * A value for each of the policy's `each` keys, such as `{ project: "atlas" }`.
   *
   * @defaultValue the whole budget
   */
  readonly scope?: Readonly<Record<string, string>> | undefined;
}

/** Amounts as policies write them: US dollars, tokens, requests. */
export interface UnitAmounts {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
  readonly requests?: number | undefined;
}

export interface BudgetFreeze extends BudgetTarget {
  /** @defaultValue until {@link BudgetOperations.unfreeze} */
  readonly untilMs?: number | undefined;
}

export interface BudgetTopUp extends BudgetTarget {
  /** At least one, above 0, in units that the policy limits. */
  readonly amount: UnitAmounts;
  /**
   * Asked again with one id within a day it is given once.
   *
   * @defaultValue a new one
   */
  readonly id?: string | undefined;
}

export interface BudgetOverride extends BudgetTarget {
  /** At least one, above 0, in units that the policy limits. */
  readonly limit: UnitAmounts;
  /** Ahead of now: an override is for a time. */
  readonly untilMs: number;
}

/** A freeze or another limit in force. */
export interface BudgetControl extends BudgetTarget {
  readonly kind: "freeze" | "limit";
  /** Of a limit. */
  readonly unit: BudgetUnit | undefined;
  /** In the unit: nano-USD, tokens or requests. */
  readonly limit: number | undefined;
  readonly untilMs: number | undefined;
}

/** What one budget would hold for a call. */
export interface HoldCheckResult {
  readonly budget: string;
  readonly unit: BudgetUnit;
  readonly scope: Readonly<Record<string, string>>;
  /** What the call asks for. */
  readonly amount: number;
  readonly onExceed: "deny" | "throttle" | "alert";
}

/** What would be decided about a call now. */
export interface BudgetCheck {
  /** `throttle`: it would have to wait first. */
  readonly action: "allow" | "throttle" | "deny";
  /** Why it would not be let through at once. */
  readonly refusal: BudgetRefusal | undefined;
  readonly holds: readonly HoldCheckResult[];
  /** The cap on its output, in tokens per choice, with which a budget that clips would let it through. */
  readonly maxOutputTokens: number | undefined;
  /** In plain words: no budget is for it, a guard takes it for a runaway, the store does not answer. */
  readonly remarks: readonly string[];
}

/** Whether a budget is for a call, and why. */
export interface BudgetExplanation {
  readonly budget: string;
  readonly matches: boolean;
  /** One sentence for people. */
  readonly why: string;
  /** The values that choose its counter; `undefined` when it does not match. */
  readonly scope: Readonly<Record<string, string>> | undefined;
  /** How many calls it has decided about in this process: 0 may mean that its `match` is misspelt. */
  readonly decisions: number;
}

/** A lease of this process that is not over. */
export interface OpenLeaseState {
  readonly id: string;
  readonly startedMs: number;
  /** In the unit: nano-USD, tokens or requests. */
  readonly holds: readonly Pick<HoldCheckResult, "budget" | "unit" | "scope" | "amount">[];
}

/**
 * What people and tools do with budgets that are running. What changes a budget counts for every process
 * that shares its store, from its next call on, and outlives an edit of the policy.
 *
 * All that change something reject with a TollgateError: `TOLLGATE_BUDGET_UNKNOWN` when no policy has the
 * id, `TOLLGATE_OPERATION_INVALID` when scope, amount or time make no sense,
 * `TOLLGATE_STORE_UNAVAILABLE` when the store does not answer.
 */
export interface BudgetOperations {
  /**
   * Refuses every call of a budget or a scope with the reason `frozen`, also where it only alerts. Calls
   * under way end as usual.
   */
  freeze(freeze: BudgetFreeze): Promise<void>;
  /** Takes the freeze of just this budget or scope away; a scope stays frozen as long as the whole is. */
  unfreeze(target: BudgetTarget): Promise<void>;
  /** Adds to the allowance of the running window; with the window it ends. */
  topUp(topUp: BudgetTopUp): Promise<void>;
  /** Puts another limit in place of the policy's for a time, higher or lower. */
  override(override: BudgetOverride): Promise<void>;
  /** Ends an override before its time. */
  endOverride(target: BudgetTarget): Promise<void>;
  /** The freezes and overrides in force, those of scopes without a call included. */
  controls(): Promise<readonly BudgetControl[]>;
  /**
   * Puts other policies and guards in place of those that hold, all at once, between two calls. What was
   * used stays used: a budget with the same id, window and `each` goes on counting under its new limit.
   * Calls under way end where they began, those of budgets that are gone included; calls that wait are
   * judged anew.
   *
   * @param rules - as `parsePolicies` and `parseGuards` give them out. Without guards there are none.
   * @throws TollgateError `TOLLGATE_POLICY_INVALID` when a policy decides on aggregates that there are none for;
   *   nothing has changed then.
   */
  replacePolicies(rules: BudgetRules): void;
  /**
   * Forgets how calls of throttled budgets are spread, and lets those that wait try at once.
   *
   * @param budget - only of this one; all of them otherwise.
   */
  resetThrottle(budget?: string): void;
  /** What would be decided about a call, without holding anything, waiting or being counted. */
  check(call: BudgetCall): BudgetCheck | Promise<BudgetCheck>;
  /**
   * Which budgets are for a call and which are not, and why, in the order of the policies. What `call`
   * leaves out is taken as unknown.
   */
  explain(
    attribution: Attribution,
    call?: { readonly provider?: string | undefined; readonly model?: string | undefined },
  ): readonly BudgetExplanation[];
  /** The leases of calls under way in this process, the oldest first. */
  leases(): readonly OpenLeaseState[];
}
