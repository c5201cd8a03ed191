import { MAX_COST_OF_ROW, MAX_COUNT_OF_ROW } from "./limits.ts";
import { MEASURES } from "./measures.ts";
import { costOf, type Sums } from "./sums.ts";

export type TotalTable = "hour_total" | "day_total" | "month_total" | "subject_total";

const KEYS: Readonly<Record<TotalTable, readonly string[]>> = {
  hour_total: ["period", "cell_id"],
  day_total: ["period", "cell_id"],
  month_total: ["period", "cell_id"],
  subject_total: ["kind", "period", "subject_id", "cell_id"],
};

/** All columns of a table of sums, in the order in which they are inserted. */
export function totalColumns(table: TotalTable): readonly string[] {
  return [...KEYS[table], "events", ...MEASURES, "first_ms", "last_ms"];
}

/**
 * Ends an `INSERT` so that sums are added to those that are there. Sums stand still at their limits, where adding
 * would overflow.
 *
 * @param smaller - the database's function that gives the smaller of two
 */
export function addToSums(
  table: TotalTable,
  { smaller, larger }: { readonly smaller: string; readonly larger: string },
): string {
  const sums = ["events", ...MEASURES].map((column) => {
    const added = `${table}.${column} + excluded.${column}`;
    const isMoney = column === "cost_nano_usd";
    // Both are at most half of what there is room for.
    return `${column} = ${smaller}(${added}, ${isMoney ? MAX_COST_OF_ROW : MAX_COUNT_OF_ROW})`;
  });
  const times = [
    `first_ms = ${smaller}(${table}.first_ms, excluded.first_ms)`,
    `last_ms = ${larger}(${table}.last_ms, excluded.last_ms)`,
  ];
  return `ON CONFLICT (${KEYS[table].join(", ")}) DO UPDATE SET ${[...sums, ...times].join(", ")}`;
}

/** Values of the columns behind the key. */
export function sumParameters(sums: Sums): (number | bigint)[] {
  const cost = costOf(sums);
  return [
    sums.events,
    ...MEASURES.map((measure) => {
      if (measure === "cost_nano_usd") return cost > MAX_COST_OF_ROW ? MAX_COST_OF_ROW : cost;
      return Math.min(sums[measure], MAX_COUNT_OF_ROW);
    }),
    sums.first_ms,
    sums.last_ms,
  ];
}
