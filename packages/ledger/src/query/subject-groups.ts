import { sql } from "kysely";
import type { EventFilter } from "../query.ts";
import { SUBJECT_DIMENSIONS, type SubjectDimension } from "../rollup/dimensions.ts";
import { createSums, type Sums } from "../rollup/sums.ts";
import { cellConditions, cellFilter } from "./cell-sums.ts";
import { eventConditions } from "./event-conditions.ts";
import { withoutDays, type Pieces } from "./pieces.ts";
import type { Reads } from "./reads.ts";
import { SUM_KEYS, SUMS_OF_EVENTS, SUMS_OF_SUMS, SUMS_OF_TOTALS, toSums } from "./sum-columns.ts";

/** A value's sums; `value` is `null` for what has no place of its own, and in the sum of all. */
export interface SubjectSums {
  readonly value: string | null;
  readonly isOverflow: boolean;
  readonly sums: Sums;
}

export interface SubjectGroups {
  /** The dearest. */
  readonly top: readonly SubjectSums[];
  /** Of all values, shown or not. */
  readonly all: Sums;
}

/** Sums by task, session or commit. All is added up where the rows are: there may be very many. */
export async function readSubjectGroups(
  { build, rows }: Reads,
  dimension: SubjectDimension,
  filter: EventFilter,
  pieces: Pieces,
  top: number,
): Promise<SubjectGroups> {
  const kind = SUBJECT_DIMENSIONS.indexOf(dimension);
  const { hours, events } = withoutDays(pieces);
  const wanted = filter[dimension];

  let totals = build
    .selectFrom("subject_total")
    .select("subject_id")
    .select(SUMS_OF_TOTALS)
    .where("kind", "=", kind)
    .where((row) =>
      row.or(
        hours.map(({ from, until }) =>
          row.and([row("period", ">=", from), row("period", "<", until)]),
        ),
      ),
    )
    .groupBy("subject_id");
  if (cellFilter(filter).length > 0) {
    const cells = build.selectFrom("cell").select("id").where(cellConditions(filter));
    totals = totals.where("cell_id", "in", cells);
  }
  if (wanted !== undefined) {
    const id = build
      .selectFrom("subject")
      .select("id")
      .where("kind", "=", kind)
      .where("value", "=", wanted);
    totals = totals.where("subject_id", "=", id);
  }
  let source = build.selectFrom(totals.as("totals")).selectAll();
  for (const { from, until } of events) {
    source = source.unionAll(
      build
        .selectFrom("event")
        .innerJoin("subject", "subject.value", `event.${dimension}`)
        .select("subject.id as subject_id")
        .select(SUMS_OF_EVENTS)
        .where("subject.kind", "=", kind)
        .where(eventConditions({ ...filter, fromMs: from, untilMs: until }))
        .groupBy("subject.id"),
    );
  }
  const found = await rows(
    build
      .with(
        (cte) => cte("grouped").materialized(),
        (db) =>
          db
            .selectFrom(source.as("source"))
            .select("subject_id")
            .select(SUMS_OF_SUMS)
            .groupBy("subject_id"),
      )
      .selectFrom((db) =>
        db
          .selectFrom("grouped")
          .select("subject_id")
          .select(SUM_KEYS)
          .orderBy(sql`cost_high * 4294967296.0 + cost_low`, "desc")
          .orderBy("events", "desc")
          .limit(top)
          .as("dearest"),
      )
      .leftJoin("subject", "subject.id", "dearest.subject_id")
      .select(["subject_id", "value"])
      .select(SUM_KEYS)
      .unionAll((db) =>
        db
          .selectFrom("grouped")
          .select([
            sql<number>`-1`.as("subject_id"),
            sql<string | null>`cast(null as text)`.as("value"),
          ])
          .select(SUMS_OF_SUMS),
      ),
  );
  const groups = found.map((row) => ({ id: row.subject_id, value: row.value, sums: toSums(row) }));
  return {
    top: groups
      .filter(({ id }) => id >= 0)
      .map(({ id, value, sums }) => ({ value, isOverflow: id === 0, sums })),
    all: groups.find(({ id }) => id < 0)?.sums ?? createSums(),
  };
}
