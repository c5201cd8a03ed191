import type { BudgetUnit } from "@tollgate/core";
import type { Counter } from "../store/store.ts";
import type { CalendarPeriod, Window } from "../window/window.ts";

/** A counter as it is written down. Its order is fixed: scripts compare the text. */
export function counterJson(counter: Counter): string {
  const { key, budget, unit, scope, organization, limit, window, alertAmounts, controls } = counter;
  const written = { key, budget, unit, scope, organization, limit, window, alertAmounts, controls };
  return JSON.stringify(written);
}

/** @throws Error when this is no counter, or one of a later version. */
export function parseCounter(json: string): Counter {
  const written: unknown = JSON.parse(json);
  const { key, budget, unit, scope, organization, limit, window, alertAmounts, controls } =
    record(written);
  return {
    key: text(key),
    budget: text(budget),
    unit: oneOf<BudgetUnit>(unit, ["usd", "tokens", "requests"]),
    scope: Object.fromEntries(
      Object.entries(record(scope)).map(([name, value]) => [name, text(value)]),
    ),
    ...(organization !== undefined && { organization: text(organization) }),
    limit: number(limit),
    window: parseWindow(record(window)),
    alertAmounts: list(alertAmounts).map(number),
    controls: list(controls).map(text),
  };
}

function parseWindow(written: Fields): Window {
  const { kind, period, timezone, durationMs, buckets, idleMs } = written;
  switch (kind) {
    case "calendar":
      return {
        kind,
        period: oneOf<CalendarPeriod>(period, ["day", "week", "month"]),
        timezone: text(timezone),
      };
    case "rolling":
      return { kind, durationMs: number(durationMs), buckets: number(buckets) };
    case "task":
      return { kind, idleMs: number(idleMs) };
    case "total":
      return { kind };
    default:
      throw unreadable();
  }
}

type Fields = Readonly<Partial<Record<string, unknown>>>;

function record(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unreadable();
  return { ...value };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw unreadable();
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw unreadable();
  return value;
}

function oneOf<Value extends string>(value: unknown, values: readonly Value[]): Value {
  const found = values.find((one) => one === value);
  if (found === undefined) throw unreadable();
  return found;
}

function unreadable(): Error {
  return new Error("a counter in Redis was written in a form that this version does not know");
}
