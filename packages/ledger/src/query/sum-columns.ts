import { sql, type AliasedRawBuilder } from "kysely";
import { createSums, type Sums } from "../rollup/sums.ts";

type SumColumn = AliasedRawBuilder<number, keyof Sums>;

const COUNTS: readonly (keyof Sums)[] = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "estimated_events",
  "unpriced_events",
  "failed_events",
  "tool_calls",
];

/** Doubles: whole sums are exact to 2⁵³ in them, and no sum is too large to be read. */
function total(column: string, alias: keyof Sums): SumColumn {
  return sql<number>`cast(sum(${sql.ref(column)}) as double precision)`.as(alias);
}

const MONEY: readonly SumColumn[] = [
  sql<number>`cast(sum(cost_nano_usd >> 32) as double precision)`.as("cost_high"),
  sql<number>`cast(sum(cost_nano_usd & 4294967295) as double precision)`.as("cost_low"),
];

/** Sums of rows of sums. */
export const SUMS_OF_TOTALS: readonly SumColumn[] = [
  total("events", "events"),
  ...COUNTS.map((column) => total(column, column)),
  ...MONEY,
  sql<number>`min(first_ms)`.as("first_ms"),
  sql<number>`max(last_ms)`.as("last_ms"),
];

/** Sums of events. */
export const SUMS_OF_EVENTS: readonly SumColumn[] = [
  sql<number>`cast(count(*) as double precision)`.as("events"),
  ...COUNTS.map((column) => total(column, column)),
  ...MONEY,
  sql<number>`min(time_ms)`.as("first_ms"),
  sql<number>`max(time_ms)`.as("last_ms"),
];

/** The names of the columns above, in their order. */
export const SUM_KEYS: readonly (keyof Sums)[] = [
  "events",
  ...COUNTS,
  "cost_high",
  "cost_low",
  "first_ms",
  "last_ms",
];

/** Sums of rows that have those columns. */
export const SUMS_OF_SUMS: readonly SumColumn[] = [
  total("events", "events"),
  ...COUNTS.map((column) => total(column, column)),
  total("cost_high", "cost_high"),
  total("cost_low", "cost_low"),
  sql<number>`min(first_ms)`.as("first_ms"),
  sql<number>`max(last_ms)`.as("last_ms"),
];

/** @param row - with the columns above; of no rows every one is `null`. */
export function toSums(row: Readonly<Record<keyof Sums, number | null>>): Sums {
  const sums = createSums();
  if (row.events === null || row.events === 0) return sums;
  let key: keyof Sums;
  for (key in sums) sums[key] = row[key] ?? 0;
  return sums;
}
