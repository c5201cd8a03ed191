import type { BudgetUnit } from "@tollgate/core";
import type { Amounts } from "../processor.ts";

/** A whole, exact amount, rounded up; `undefined` for what is not an amount at all. */
function wholeAmount(amount: number | undefined): number | undefined {
  if (amount === undefined || !(amount >= 0)) return undefined;
  return Math.min(Math.ceil(amount), Number.MAX_SAFE_INTEGER);
}

/** What a call needs or used in a unit; `undefined` when that is not known. */
export function amountIn(unit: BudgetUnit, amounts: Amounts): number | undefined {
  if (unit === "requests") return 1;
  return wholeAmount(unit === "usd" ? amounts.nanoUsd : amounts.tokens);
}
