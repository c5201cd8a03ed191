import { nanoUsdToUsd, type BudgetRefusal, type BudgetUnit } from "@tollgate/core";
import type { BudgetState } from "@tollgate/budget";
import * as z from "zod";

/** One counter of a budget, as REST and MCP give it out: US dollars, tokens or requests. */
export interface BudgetJson {
  readonly budget: string;
  readonly unit: BudgetUnit;
  readonly scope: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
  readonly remaining: number;
  readonly used_percent: number;
  readonly frozen: boolean;
  readonly window_start: string | null;
  readonly window_end: string | null;
}

export const budgetSchema: z.ZodType<BudgetJson> = z.object({
  budget: z.string(),
  unit: z.enum(["usd", "tokens", "requests"]).describe("Of all amounts here."),
  scope: z.record(z.string(), z.string()).describe("Whose counter of the budget it is."),
  limit: z.number(),
  spent: z.number(),
  reserved: z.number().describe("Held by calls under way."),
  remaining: z.number().describe("Negative after an overrun."),
  used_percent: z.number(),
  frozen: z.boolean().describe("Every call is refused, whatever remains."),
  window_start: z.string().nullable(),
  window_end: z.string().nullable().describe("When spent begins at 0 again; null: never."),
});

export function budgetJson(state: BudgetState): BudgetJson {
  const { budget, unit, scope, limit, spent, reserved, remaining, frozen } = state;
  const amount = (value: number): number => amountJson(unit, value);
  return {
    budget,
    unit,
    scope,
    limit: amount(limit),
    spent: amount(spent),
    reserved: amount(reserved),
    remaining: amount(remaining),
    used_percent: limit === 0 ? 100 : Math.round((1_000 * (spent + reserved)) / limit) / 10,
    frozen,
    window_start: timeJson(state.windowStartMs),
    window_end: timeJson(state.windowEndMs),
  };
}

/** Why a call may not leave. */
export interface RefusalJson {
  readonly budget: string;
  readonly reason: string;
  readonly unit: BudgetUnit;
  readonly limit: number;
  readonly remaining: number;
  readonly requested: number;
  readonly resets: string | null;
  readonly detail: string | null;
}

export const refusalSchema: z.ZodType<RefusalJson> = z.object({
  budget: z.string(),
  reason: z.string(),
  unit: z.enum(["usd", "tokens", "requests"]),
  limit: z.number(),
  remaining: z.number(),
  requested: z.number(),
  resets: z.string().nullable().describe("When to ask again; null: time does not help."),
  detail: z.string().nullable(),
});

export function refusalJson(refusal: BudgetRefusal): RefusalJson {
  const { budget, reason, unit, limit, remaining, requested, resetsAtMs, detail } = refusal;
  return {
    budget,
    reason,
    unit,
    limit: amountJson(unit, limit),
    remaining: amountJson(unit, remaining),
    requested: amountJson(unit, requested),
    resets: timeJson(resetsAtMs),
    detail: detail ?? null,
  };
}

export function amountJson(unit: BudgetUnit, amount: number): number {
  return unit === "usd" ? nanoUsdToUsd(amount) : amount;
}

function timeJson(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
