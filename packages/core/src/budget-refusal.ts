import { formatUsd } from "./money.ts";

/** What a budget counts. */
export type BudgetUnit = "usd" | "tokens" | "requests";

/** Why a call was refused. */
export type RefusalReason =
  /** The window cannot bear the call. */
  | "exceeded"
  /** A throttled call waited its `maxWait` and the window still cannot bear it. */
  | "throttle_timeout"
  /** A hard budget cannot bound what this request may cost. */
  | "unboundable"
  /** The model has no price, and a hard budget or `pricing.onUnpriced` wants one. */
  | "unpriced"
  /** An operator has frozen the budget. */
  | "frozen"
  /** A guard takes the caller for a runaway: too many calls, too alike or too much at once. */
  | "runaway"
  /** The budget store did not answer and the policy says closed. */
  | "store_unavailable";

/** The answer of a budget that does not let a call through: a normal answer, not an exception. */
export interface BudgetRefusal {
  /** The policy's id; `pricing.onUnpriced` when that refuses, which is no budget. */
  readonly budget: string;
  readonly reason: RefusalReason;
  readonly unit: BudgetUnit;
  /** The limit of the window, in the unit: nano-USD, tokens or requests. */
  readonly limit: number;
  /** What is left of it; negative after an overrun. */
  readonly remaining: number;
  /** What the call asked to hold. */
  readonly requested: number;
  /** When the window resets, milliseconds since the epoch; `undefined` when it never does. */
  readonly resetsAtMs: number | undefined;
  /** More about the reason, such as what cannot be bounded. */
  readonly detail?: string | undefined;
}

function formatAmount(amount: number, unit: BudgetUnit): string {
  return unit === "usd" ? formatUsd(amount) : `${amount} ${unit}`;
}

/** One sentence for the person who reads the error: which budget, what is left, until when. */
export function describeRefusal(refusal: BudgetRefusal): string {
  return `Tollgate refused the call: ${describeReason(refusal)}`;
}

/** Which budget says no, and why. */
export function describeReason(refusal: BudgetRefusal): string {
  const left = `${formatAmount(refusal.remaining, refusal.unit)} of ${formatAmount(refusal.limit, refusal.unit)} left`;
  const until =
    refusal.resetsAtMs === undefined
      ? ""
      : ` until ${new Date(refusal.resetsAtMs).toISOString().replace(".000Z", "Z")}`;
  const needs = `this call may need ${formatAmount(refusal.requested, refusal.unit)}`;
  const why: Record<RefusalReason, string> = {
    exceeded: `${left}${until}, ${needs}`,
    throttle_timeout: `${left}${until}, ${needs}, and it has waited as long as it may`,
    unboundable: `it is hard and the cost of this request has no upper bound`,
    unpriced: `it needs a price and this model has none`,
    runaway: `it looks like a runaway`,
    frozen: `it is frozen${until}`,
    store_unavailable: `its store does not answer`,
  };
  const detail = refusal.detail ? ` (${refusal.detail})` : "";
  return `budget "${refusal.budget}": ${why[refusal.reason]}${detail}`;
}
