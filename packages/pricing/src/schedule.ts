import type { ConditionalPrice } from "./catalogue-data.ts";
import type { PriceTable } from "./rates.ts";

const DAY_MS = 86_400_000;

/** When a price holds: always, from a date on, or within hours of every day (UTC). */
export type PriceCondition =
  | { readonly kind: "always" }
  | { readonly kind: "from"; readonly timeMs: number }
  | { readonly kind: "daily"; readonly fromMs: number; readonly toMs: number };

/** Prices in the order of the catalogue: the last whose condition holds is in force. */
export type PriceSchedule = readonly {
  readonly condition: PriceCondition;
  readonly table: PriceTable | undefined;
}[];

const TIME_OF_DAY = /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds after midnight UTC; NaN, which no time is within, for another notation. */
function parseTimeOfDay(text: string): number {
  const found = TIME_OF_DAY.exec(text);
  if (found === null) return Number.NaN;
  const [, hours, minutes, seconds, sign, offsetHours = "0", offsetMinutes = "0"] = found;
  const localMs = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000;
  const offsetMs = Number(offsetHours) * 3_600_000 + Number(offsetMinutes) * 60_000;
  return (((localMs + (sign === "-" ? offsetMs : -offsetMs)) % DAY_MS) + DAY_MS) % DAY_MS;
}

export function readCondition(constraint: ConditionalPrice["constraint"]): PriceCondition {
  if (constraint === undefined) return { kind: "always" };
  if (constraint.type === "start_date") {
    return { kind: "from", timeMs: Date.parse(constraint.start_date) };
  }
  return {
    kind: "daily",
    fromMs: parseTimeOfDay(constraint.start_time),
    toMs: parseTimeOfDay(constraint.end_time),
  };
}

function holds(condition: PriceCondition, timeMs: number): boolean {
  if (condition.kind === "always") return true;
  if (condition.kind === "from") return timeMs >= condition.timeMs;
  const ofDayMs = ((timeMs % DAY_MS) + DAY_MS) % DAY_MS;
  const { fromMs, toMs } = condition;
  return toMs < fromMs ? ofDayMs >= fromMs || ofDayMs < toMs : ofDayMs >= fromMs && ofDayMs < toMs;
}

/** The prices in force at a time; the first of the schedule before any condition holds. */
export function tableAt(schedule: PriceSchedule, timeMs: number): PriceTable | undefined {
  for (let index = schedule.length - 1; index > 0; index--) {
    const entry = schedule[index];
    if (entry !== undefined && holds(entry.condition, timeMs)) return entry.table;
  }
  return schedule[0]?.table;
}
