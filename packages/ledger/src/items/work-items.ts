import type { CompiledQuery, Kysely } from "kysely";
import { cleanName, cleanText, NAME_CHARS, NOTE_CHARS } from "../clean/clean-text.ts";
import type { Reads } from "../query/reads.ts";
import type { TaskRow, Tables } from "../schema/tables.ts";
import type { Task, TaskChange, Workstream, WorkstreamChange } from "../work-item.ts";

type Compilable<Row> = { compile(): CompiledQuery<Row> };
/** `undefined`: stays; `null`: is empty from now on. */
type Text = string | null | undefined;

const TASK_COLUMNS = [
  "id",
  "organization",
  "title",
  "slug",
  "repository",
  "workstream",
  "status",
  "updated_ms",
] as const;
const WORKSTREAM_COLUMNS = [
  "id",
  "organization",
  "title",
  "slug",
  "repository",
  "updated_ms",
] as const;

/** A task that somebody spoke of or that events name. */
export async function readTask(
  reads: Reads,
  organization: string | undefined,
  id: string,
): Promise<Task | undefined> {
  const { build, rows } = reads;
  const at = placeOf(organization, id);
  const [row] = await rows(
    build
      .selectFrom("task")
      .select(TASK_COLUMNS)
      .where("organization", "=", at.organization)
      .where("id", "=", at.id),
  );
  if (row !== undefined) return toTask(row);
  const [seen] = await rows(
    build
      .selectFrom("event")
      .select("received_ms")
      .where("task", "=", at.id)
      .where("organization", at.organization === "" ? "is" : "=", at.organization || null)
      .orderBy("sequence", "desc")
      .limit(1),
  );
  const updatedMs = seen?.received_ms ?? (await lastTotalOf(reads, at));
  return updatedMs === undefined
    ? undefined
    : toTask({ ...EMPTY_TASK, ...at, status: "open", updated_ms: updatedMs });
}

const EMPTY_TASK = { title: null, slug: null, repository: null, workstream: null };

/** Of a task whose events are deleted. */
async function lastTotalOf({ build, rows }: Reads, at: Place): Promise<number | undefined> {
  const [total] = await rows(
    build
      .selectFrom("subject_total")
      .innerJoin("subject", "subject.id", "subject_total.subject_id")
      .innerJoin("cell", "cell.id", "subject_total.cell_id")
      .select("last_ms")
      .where("subject.kind", "=", 0)
      .where("subject.value", "=", at.id)
      .where("cell.organization", at.organization === "" ? "is" : "=", at.organization || null)
      .orderBy("last_ms", "desc")
      .limit(1),
  );
  return total?.last_ms;
}

export function putTask(
  build: Kysely<Tables>,
  organization: string | undefined,
  id: string,
  change: TaskChange,
  nowMs: number,
): Compilable<TaskRow> {
  const said = {
    ...textsOf(change),
    ...(change.workstream !== undefined && {
      workstream: cleanChange(change.workstream, NAME_CHARS),
    }),
    ...(change.status !== undefined && { status: change.status }),
    updated_ms: nowMs,
  };
  return build
    .insertInto("task")
    .values({ ...EMPTY_TASK, status: "open", ...said, ...placeOf(organization, id) })
    .onConflict((known) => known.columns(["organization", "id"]).doUpdateSet(said))
    .returning(TASK_COLUMNS);
}

/** A workstream that somebody spoke of or that events name. */
export async function readWorkstream(
  { build, rows }: Reads,
  organization: string | undefined,
  id: string,
): Promise<Workstream | undefined> {
  const at = placeOf(organization, id);
  const [row] = await rows(
    build
      .selectFrom("workstream")
      .select(WORKSTREAM_COLUMNS)
      .where("organization", "=", at.organization)
      .where("id", "=", at.id),
  );
  if (row !== undefined) return toWorkstream(row);
  const [seen] = await rows(
    build
      .selectFrom("hour_total")
      .innerJoin("cell", "cell.id", "hour_total.cell_id")
      .select("last_ms")
      .where("cell.workstream", "=", at.id)
      .where("cell.organization", at.organization === "" ? "is" : "=", at.organization || null)
      .orderBy("period", "desc")
      .limit(1),
  );
  if (seen === undefined) return undefined;
  return toWorkstream({ ...EMPTY_WORKSTREAM, ...at, updated_ms: seen.last_ms });
}

const EMPTY_WORKSTREAM = { title: null, slug: null, repository: null };

export function putWorkstream(
  build: Kysely<Tables>,
  organization: string | undefined,
  id: string,
  change: WorkstreamChange,
  nowMs: number,
): Compilable<Tables["workstream"]> {
  const said = { ...textsOf(change), updated_ms: nowMs };
  return build
    .insertInto("workstream")
    .values({ ...EMPTY_WORKSTREAM, ...said, ...placeOf(organization, id) })
    .onConflict((known) => known.columns(["organization", "id"]).doUpdateSet(said))
    .returning(WORKSTREAM_COLUMNS);
}

interface Place {
  /** Empty for none. */
  readonly organization: string;
  readonly id: string;
}

function placeOf(organization: string | undefined, id: string): Place {
  return { organization: cleanName(organization) ?? "", id: cleanText(id, NAME_CHARS) };
}

function textsOf({ title, slug, repository }: WorkstreamChange): Record<string, string | null> {
  return {
    ...(title !== undefined && { title: cleanChange(title, NOTE_CHARS) }),
    ...(slug !== undefined && { slug: cleanChange(slug, NAME_CHARS) }),
    ...(repository !== undefined && { repository: cleanChange(repository, NAME_CHARS) }),
  };
}

function cleanChange(text: Exclude<Text, undefined>, limit: number): string | null {
  return text === null || text === "" ? null : cleanText(text, limit);
}

export function toTask(row: TaskRow): Task {
  return { ...toWorkstream(row), workstream: row.workstream ?? undefined, status: row.status };
}

export function toWorkstream(row: Tables["workstream"]): Workstream {
  return {
    id: row.id,
    organization: row.organization === "" ? undefined : row.organization,
    title: row.title ?? undefined,
    slug: row.slug ?? undefined,
    repository: row.repository ?? undefined,
    updatedMs: row.updated_ms,
  };
}
