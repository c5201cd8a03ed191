import type { BudgetUnit } from "@tollgate/core";
import type { Counter } from "../store/store.ts";
import type { CalendarPeriod, Window } from "../window/window.ts";

/** Counters read lately: the same few are asked for again and again. */
const READ_KEPT = 1_000;
const UNITS: readonly BudgetUnit[] = ["usd", "tokens", "requests"];
const PERIODS: readonly CalendarPeriod[] = ["day", "week", "month"];

export function writeCounter(counter: Counter): string {
  const { key, budget, unit, scope, limit, window, alertAmounts, controls } = counter;
  return JSON.stringify({ key, budget, unit, scope, limit, window, alertAmounts, controls });
}

/** Reads counters that {@link writeCounter} wrote, each text once. */
export function createCounterReader(): (written: string) => Counter {
  const read = new Map<string, Counter>();
  return (written) => {
    let counter = read.get(written);
    if (counter === undefined) {
      counter = readCounter(JSON.parse(written));
      if (read.size >= READ_KEPT) read.clear();
      read.set(written, counter);
    }
    return counter;
  };
}

function readCounter(data: unknown): Counter {
  const scope = Object.entries(mapOf(memberOf(data, "scope")));
  return {
    key: text(data, "key"),
    budget: text(data, "budget"),
    unit: oneOf(UNITS, text(data, "unit")),
    scope: Object.fromEntries(scope.map(([key, value]) => [key, String(value)])),
    limit: number(data, "limit"),
    window: readWindow(memberOf(data, "window")),
    alertAmounts: list(data, "alertAmounts").map(Number),
    controls: list(data, "controls").map(String),
  };
}

function readWindow(data: unknown): Window {
  const kind = text(data, "kind");
  switch (kind) {
    case "calendar": {
      const period = oneOf(PERIODS, text(data, "period"));
      return { kind, period, timezone: text(data, "timezone") };
    }
    case "rolling":
      return { kind, durationMs: number(data, "durationMs"), buckets: number(data, "buckets") };
    case "task":
      return { kind, idleMs: number(data, "idleMs") };
    default:
      return { kind: oneOf(["total"] as const, kind) };
  }
}

function mapOf(data: unknown): object {
  if (typeof data !== "object" || data === null) throw new Error("a counter is no map");
  return data;
}

function memberOf(data: unknown, key: string): unknown {
  return Object.getOwnPropertyDescriptor(mapOf(data), key)?.value;
}

function text(data: unknown, key: string): string {
  const value = memberOf(data, key);
  if (typeof value !== "string") throw new Error(`a counter's ${key} is no text`);
  return value;
}

function number(data: unknown, key: string): number {
  const value = memberOf(data, key);
  if (typeof value !== "number") throw new Error(`a counter's ${key} is no number`);
  return value;
}

function list(data: unknown, key: string): unknown[] {
  const value = memberOf(data, key);
  if (!Array.isArray(value)) throw new Error(`a counter's ${key} is no list`);
  return value;
}

function oneOf<Value extends string>(values: readonly Value[], said: string): Value {
  const value = values.find((each) => each === said);
  if (value === undefined) throw new Error(`a counter says ${said}`);
  return value;
}
