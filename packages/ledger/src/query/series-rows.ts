import { sql } from "kysely";
import type { Dimension, EventFilter } from "../query.ts";
import { isSubject, SUBJECT_DIMENSIONS } from "../rollup/dimensions.ts";
import { DAY_MS, HOUR_MS } from "../rollup/deltas.ts";
import type { Sums } from "../rollup/sums.ts";
import { cellConditions, cellFilter } from "./cell-sums.ts";
import { eventConditions } from "./event-conditions.ts";
import type { Pieces, Span } from "./pieces.ts";
import type { Reads } from "./reads.ts";
import { SUMS_OF_EVENTS, SUMS_OF_TOTALS, toSums } from "./sum-columns.ts";

/** What zones differ by from UTC are whole quarters of an hour. */
const QUARTER_MS = 900_000;

/** Sums of a time that begins at `timeMs`, of one value of a dimension. */
export interface TimedSums {
  readonly timeMs: number;
  readonly value: string | null;
  readonly overflow: number;
  readonly sums: Sums;
}

const NOTHING = sql<string | null>`cast(null as text)`;

/** From the roll-ups, by day and hour. */
export async function readTotalTimes(
  reads: Reads,
  filter: EventFilter,
  by: Dimension | undefined,
  { days, hours }: Pieces,
): Promise<readonly TimedSums[]> {
  const found: TimedSums[] = [];
  const kind = SUBJECT_DIMENSIONS.findIndex(
    (dimension) => dimension === by || filter[dimension] !== undefined,
  );
  if (kind >= 0) {
    for (const span of hours) found.push(...(await ofSubjects(reads, filter, by, kind, span)));
    for (const { from, until } of days) {
      const span = { from: from * 24, until: until * 24 };
      found.push(...(await ofSubjects(reads, filter, by, kind, span)));
    }
    return found;
  }
  for (const span of days) found.push(...(await ofCells(reads, "day_total", filter, by, span)));
  for (const span of hours) found.push(...(await ofCells(reads, "hour_total", filter, by, span)));
  return found;
}

async function ofCells(
  { build, rows }: Reads,
  table: "day_total" | "hour_total",
  filter: EventFilter,
  by: Dimension | undefined,
  { from, until }: Span,
): Promise<TimedSums[]> {
  const value = by === undefined ? NOTHING : sql<string | null>`${sql.ref(`cell.${by}`)}`;
  const asksCells = cellFilter(filter).length > 0;
  const found = await rows(
    build
      .selectFrom(table)
      .innerJoin("cell", "cell.id", `${table}.cell_id`)
      .select(["period", "overflow", value.as("value")])
      .select(SUMS_OF_TOTALS)
      .where("period", ">=", from)
      .where("period", "<", until)
      .$if(asksCells, (query) => query.where(cellConditions(filter)))
      .groupBy(["period", "overflow"])
      .$if(by !== undefined, (query) => query.groupBy(sql.ref(`cell.${by ?? ""}`))),
  );
  const unitMs = table === "day_total" ? DAY_MS : HOUR_MS;
  return found.map((row) => toTimed(row, row.period * unitMs, row.overflow));
}

async function ofSubjects(
  { build, rows }: Reads,
  filter: EventFilter,
  by: Dimension | undefined,
  kind: number,
  { from, until }: Span,
): Promise<TimedSums[]> {
  const dimension = SUBJECT_DIMENSIONS[kind];
  const wanted = dimension && filter[dimension];
  const column =
    by === undefined ? undefined : isSubject(by) ? sql.ref("subject.value") : sql.ref(`cell.${by}`);
  const value = column === undefined ? NOTHING : sql<string | null>`${column}`;
  const found = await rows(
    build
      .selectFrom("subject_total")
      .innerJoin("cell", "cell.id", "subject_total.cell_id")
      .leftJoin("subject", "subject.id", "subject_total.subject_id")
      .select(["period", "overflow", value.as("value")])
      .select(SUMS_OF_TOTALS)
      .where("subject_total.kind", "=", kind)
      .where("period", ">=", from)
      .where("period", "<", until)
      .$if(wanted !== undefined, (query) => query.where("subject.value", "=", wanted ?? ""))
      .$if(cellFilter(filter).length > 0, (query) => query.where(cellConditions(filter)))
      .groupBy(["period", "overflow"])
      .$if(column !== undefined, (query) => query.groupBy(column ?? NOTHING)),
  );
  return found.map((row) => toTimed(row, row.period * HOUR_MS, row.overflow));
}

/** From the events, by quarters of an hour; each time is cut where it begins and ends. */
export async function readEventTimes(
  { build, rows }: Reads,
  filter: EventFilter,
  by: Dimension | undefined,
  spans: readonly Span[],
): Promise<readonly TimedSums[]> {
  const found: TimedSums[] = [];
  const quarter = sql<number>`time_ms / ${sql.lit(QUARTER_MS)}`;
  const value = by === undefined ? NOTHING : sql<string | null>`${sql.ref(by)}`;
  for (const { from, until } of spans) {
    const times = await rows(
      build
        .selectFrom("event")
        .select([quarter.as("quarter"), value.as("value")])
        .select(SUMS_OF_EVENTS)
        .where(eventConditions({ ...filter, fromMs: from, untilMs: until }))
        .groupBy(quarter)
        .$if(by !== undefined, (query) => query.groupBy(sql.ref(by ?? ""))),
    );
    found.push(...times.map((row) => toTimed(row, row.quarter * QUARTER_MS, 0)));
  }
  return found;
}

function toTimed(
  row: Parameters<typeof toSums>[0] & { readonly value: string | null },
  timeMs: number,
  overflow: number,
): TimedSums {
  return { timeMs, value: row.value, overflow, sums: toSums(row) };
}
