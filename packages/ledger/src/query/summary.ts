import { sql } from "kysely";
import type { Dimension, EventFilter, GroupTotals, Summary, SummaryQuery } from "../query.ts";
import { isSubject, type CellDimension, type SubjectDimension } from "../rollup/dimensions.ts";
import { addSums, byCost, createSums, subtractSums, type Sums } from "../rollup/sums.ts";
import { readCellSums, sumOf, type CellSums } from "./cell-sums.ts";
import { eventConditions } from "./event-conditions.ts";
import { hasSubjectOverflow, isExcluded, isInRollUps, isUnknown, subjectsOf } from "./overflow.ts";
import { cutTime, type Pieces } from "./pieces.ts";
import type { Reads } from "./reads.ts";
import { deletedBefore } from "./state.ts";
import { readSubjectGroups } from "./subject-groups.ts";
import { SUMS_OF_EVENTS, toSums } from "./sum-columns.ts";
import { toTotals } from "./totals.ts";

const DEFAULT_TOP = 50;

/** Sums from the roll-ups where they know what is asked, else from the events. */
export async function readSummary(reads: Reads, query: SummaryQuery): Promise<Summary> {
  const { by = [], top = DEFAULT_TOP, ...filter } = query;
  const deletedBeforeMs = await deletedBefore(reads);
  const pieces = cutTime(filter.fromMs, filter.untilMs, deletedBeforeMs);
  const subjects = subjectsOf(filter);
  if (!isInRollUps(filter)) return eventSummary(reads, filter, by, top);

  const cells = await readCellSums(reads, filter, pieces);
  const isVague = await isInexact(reads, filter, by, cells, pieces);
  // What roll-ups do not tell apart the events do, as long as they are there.
  if (isVague && (filter.fromMs ?? 0) >= deletedBeforeMs) {
    return eventSummary(reads, filter, by, top);
  }

  const known = cells.filter(({ overflow }) => !isExcluded(filter, overflow));
  const sums = sumOf(known);
  const groups: Partial<Record<Dimension, readonly GroupTotals[]>> = {};
  for (const dimension of by) {
    if (!isSubject(dimension)) groups[dimension] = groupCells(known, dimension, top);
    else if (subjects.every((each) => each === dimension)) {
      groups[dimension] = await groupSubjects(reads, dimension, filter, pieces, top, sums);
    } else groups[dimension] = await groupEvents(reads, filter, dimension, top);
  }
  const summary = toSummary(sums, groups);
  return known.length < cells.length ? { ...summary, incomplete: true } : summary;
}

/** Whether events would tell more than the roll-ups do. */
async function isInexact(
  reads: Reads,
  filter: EventFilter,
  by: readonly Dimension[],
  cells: readonly CellSums[],
  pieces: Pieces,
): Promise<boolean> {
  const hasVagueCell = cells.some(
    ({ overflow }) =>
      isExcluded(filter, overflow) || by.some((dimension) => isUnknown(dimension, overflow)),
  );
  if (hasVagueCell) return true;
  const subjects = new Set([...subjectsOf(filter), ...by.filter(isSubject)]);
  for (const subject of subjects) {
    if (await hasSubjectOverflow(reads, subject, pieces)) return true;
  }
  return false;
}

function groupCells(
  cells: readonly CellSums[],
  dimension: CellDimension,
  top: number,
): readonly GroupTotals[] {
  const groups = new Map<string, { value: string | null; isOverflow: boolean; sums: Sums }>();
  for (const { cell, overflow, sums } of cells) {
    const isOverflow = isUnknown(dimension, overflow);
    const value = cell[dimension];
    const key = isOverflow ? "\0overflow" : (value ?? "\0");
    let group = groups.get(key);
    if (group === undefined) {
      group = { value, isOverflow, sums: createSums() };
      groups.set(key, group);
    }
    addSums(group.sums, sums);
  }
  return dearest([...groups.values()], top);
}

async function groupSubjects(
  reads: Reads,
  dimension: SubjectDimension,
  filter: EventFilter,
  pieces: Pieces,
  top: number,
  sums: Sums,
): Promise<readonly GroupTotals[]> {
  const found = await readSubjectGroups(reads, dimension, filter, pieces, top);
  const rest = subtractSums(sums, found.all);
  const unsaid = rest.events > 0 ? [{ value: null, isOverflow: false, sums: rest }] : [];
  return dearest([...found.top, ...unsaid], top);
}

function dearest(
  groups: readonly {
    readonly value: string | null;
    readonly isOverflow: boolean;
    readonly sums: Sums;
  }[],
  top: number,
): readonly GroupTotals[] {
  return groups
    .toSorted((one, other) => byCost(one.sums, other.sums))
    .slice(0, top)
    .map(({ value, isOverflow, sums }) => ({
      ...toTotals(sums),
      value: value ?? undefined,
      ...(isOverflow && { overflow: true as const }),
    }));
}

async function eventSummary(
  reads: Reads,
  filter: EventFilter,
  by: readonly Dimension[],
  top: number,
): Promise<Summary> {
  const { build, rows } = reads;
  const [all] = await rows(
    build.selectFrom("event").select(SUMS_OF_EVENTS).where(eventConditions(filter)),
  );
  const groups: Partial<Record<Dimension, readonly GroupTotals[]>> = {};
  for (const dimension of by) groups[dimension] = await groupEvents(reads, filter, dimension, top);
  return toSummary(all === undefined ? createSums() : toSums(all), groups);
}

async function groupEvents(
  { build, rows }: Reads,
  filter: EventFilter,
  dimension: Dimension,
  top: number,
): Promise<readonly GroupTotals[]> {
  const found = await rows(
    build
      .selectFrom("event")
      .select(sql<string | null>`${sql.ref(dimension)}`.as("value"))
      .select(SUMS_OF_EVENTS)
      .where(eventConditions(filter))
      .groupBy(sql.ref(dimension))
      .orderBy(sql`sum(cost_nano_usd)`, "desc")
      .orderBy("events", "desc")
      .limit(top),
  );
  return dearest(
    found.map((row) => ({ value: row.value, isOverflow: false, sums: toSums(row) })),
    top,
  );
}

function toSummary(
  sums: Sums,
  by: Readonly<Partial<Record<Dimension, readonly GroupTotals[]>>>,
): Summary {
  const { first_ms, last_ms } = sums;
  const hasAny = sums.events > 0;
  return {
    ...toTotals(sums),
    by,
    firstMs: hasAny ? first_ms : undefined,
    lastMs: hasAny ? last_ms : undefined,
  };
}
