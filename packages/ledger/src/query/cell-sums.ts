import { sql, type Expression, type ExpressionBuilder, type SqlBool } from "kysely";
import type { EventFilter } from "../query.ts";
import {
  CELL_DIMENSIONS,
  cellKey,
  SUBJECT_DIMENSIONS,
  type CellDimension,
  type CellValues,
} from "../rollup/dimensions.ts";
import { addSums, createSums, type Sums } from "../rollup/sums.ts";
import type { Tables } from "../schema/tables.ts";
import { eventConditions } from "./event-conditions.ts";
import { withoutDays, type Pieces, type Span } from "./pieces.ts";
import type { Reads } from "./reads.ts";
import { SUMS_OF_EVENTS, SUMS_OF_TOTALS, toSums } from "./sum-columns.ts";

/** Sums of a combination of values. */
export interface CellSums {
  readonly cell: CellValues;
  /** Not 0 for what had no place of its own. */
  readonly overflow: number;
  readonly sums: Sums;
}

/** Dimensions that a filter asks for, as far as cells know them. */
export function cellFilter(filter: EventFilter): readonly (readonly [CellDimension, string])[] {
  return CELL_DIMENSIONS.flatMap((dimension) => {
    const value = dimension === "outcome" ? undefined : filter[dimension];
    return value === undefined ? [] : [[dimension, value] as const];
  });
}

/** Cells that match; what overflowed may. */
export function cellConditions(
  filter: EventFilter,
): (cell: ExpressionBuilder<Tables, "cell">) => Expression<SqlBool> {
  return (cell) => {
    const { organization } = filter;
    const mayMatch =
      organization === undefined
        ? cell("overflow", ">", 0)
        : cell.or([
            cell("overflow", "=", 2),
            cell.and([cell("overflow", "=", 1), cell("organization", "=", organization)]),
          ]);
    const asked = cellFilter(filter).map(([dimension, value]) => cell(dimension, "=", value));
    return cell.or([mayMatch, cell.and(asked)]);
  };
}

/**
 * The sums of a time by cell. A filter may ask for one subject, whose own sums are read then, and for what cells know.
 */
export async function readCellSums(
  reads: Reads,
  filter: EventFilter,
  pieces: Pieces,
): Promise<readonly CellSums[]> {
  const found = new Map<string, CellSums>();
  const add = (rows: Iterable<CellSums>): void => {
    for (const row of rows) {
      const key = `${row.overflow}\0${cellKey(row.cell)}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, row);
      else addSums(known.sums, row.sums);
    }
  };
  const kind = SUBJECT_DIMENSIONS.findIndex((dimension) => filter[dimension] !== undefined);
  const subject = SUBJECT_DIMENSIONS[kind];
  const value = subject && filter[subject];
  if (value === undefined) {
    for (const span of pieces.months) add(await cellsOf(reads, "month_total", filter, span));
    for (const span of pieces.days) add(await cellsOf(reads, "day_total", filter, span));
    for (const span of pieces.hours) add(await cellsOf(reads, "hour_total", filter, span));
  } else {
    for (const span of withoutDays(pieces).hours) {
      add(await cellsOf(reads, "subject_total", filter, span, { kind, value }));
    }
  }
  for (const span of pieces.events) add(await cellsOfEvents(reads, filter, span));
  return [...found.values()];
}

interface Subject {
  readonly kind: number;
  readonly value: string;
}

async function cellsOf(
  { build, rows }: Reads,
  table: "month_total" | "day_total" | "hour_total" | "subject_total",
  filter: EventFilter,
  { from, until }: Span,
  subject?: Subject,
): Promise<CellSums[]> {
  let totals = build
    .selectFrom(table)
    .select("cell_id")
    .select(SUMS_OF_TOTALS)
    .where("period", ">=", from)
    .where("period", "<", until)
    .groupBy("cell_id");
  if (subject !== undefined) {
    const { kind, value } = subject;
    const id = build
      .selectFrom("subject")
      .select("id")
      .where("kind", "=", kind)
      .where("value", "=", value);
    totals = totals.where(sql.ref("subject_id"), "=", id);
  }
  if (cellFilter(filter).length > 0) {
    const cells = build.selectFrom("cell").select("id").where(cellConditions(filter));
    totals = totals.where("cell_id", "in", cells);
  }
  const found = await rows(
    build
      .selectFrom(totals.as("totals"))
      .innerJoin("cell", "cell.id", "totals.cell_id")
      .selectAll("totals")
      .select("overflow")
      .select(CELL_DIMENSIONS),
  );
  return found.map((row) => ({ cell: row, overflow: row.overflow, sums: toSums(row) }));
}

async function cellsOfEvents(
  { build, rows }: Reads,
  filter: EventFilter,
  { from, until }: Span,
): Promise<CellSums[]> {
  const found = await rows(
    build
      .selectFrom("event")
      .select(CELL_DIMENSIONS)
      .select(SUMS_OF_EVENTS)
      .where(eventConditions({ ...filter, fromMs: from, untilMs: until }))
      .groupBy(CELL_DIMENSIONS),
  );
  return found.map((row) => ({ cell: row, overflow: 0, sums: toSums(row) }));
}

export function sumOf(rows: Iterable<{ readonly sums: Sums }>): Sums {
  const all = createSums();
  for (const { sums } of rows) addSums(all, sums);
  return all;
}
